// Edges of a graph as lines between points, with smooth rims.
//
// Each edge is a quad of four vertices, one instance each, whose ends are read from the positions that the points are drawn from. It is
// laid over an off-screen picture that keeps what earlier frames have laid there, so that many edges are drawn over several frames; the
// picture is then laid over the window as that of the points is ("show" in points.wgsl).
//
// Bindings, group 0
//   @binding(0)  the view, uniform (see `View`)
//   @binding(5)  positions in data units, 3 x f32 a point
//   @binding(6)  edges (see `Edge`)

struct View {
    // From the centred position to x, y, nearness (0 far .. 1 near) and w.
    row_x: vec4<f32>,
    row_y: vec4<f32>,
    row_near: vec4<f32>,
    row_w: vec4<f32>,
    // xyz: subtracted from the positions. w: width in pixels of the heaviest edge.
    center_width: vec4<f32>,
    // xy: size of the off-screen picture in pixels. z: opacity of the heaviest edge. w: how much the far side fades, 0 in 2-D.
    layer: vec4<f32>,
    // xy: corner of the view in the window in pixels. zw: one over its size there.
    window: vec4<f32>,
}

struct Edge {
    first: u32,
    second: u32,
    // Red, green, blue and weight, a byte each, red lowest.
    paint: u32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(5) var<storage, read> positions: array<f32>;
@group(0) @binding(6) var<storage, read> edges: array<Edge>;

struct Line {
    @builtin(position) position: vec4<f32>,
    // Pixels from the middle of the line.
    @location(0) across: f32,
    // Colour and opacity.
    @location(1) @interpolate(flat) color: vec4<f32>,
    // Half the width in pixels.
    @location(2) @interpolate(flat) half_width: f32,
}

// x, y in -1..=1 of the view, nearness and w of a point.
fn projected(point: u32) -> vec4<f32> {
    let at = vec3<f32>(positions[3u * point], positions[3u * point + 1u], positions[3u * point + 2u]);
    let centered = vec4<f32>(at - view.center_width.xyz, 1.0);
    let w = dot(view.row_w, centered);
    let near = clamp(dot(view.row_near, centered), 0.0, 1.0);
    return vec4<f32>(dot(view.row_x, centered) / w, dot(view.row_y, centered) / w, near, w);
}

@vertex
fn edge_vertex(@builtin(vertex_index) vertex: u32, @builtin(instance_index) index: u32) -> Line {
    let edge = edges[index];
    let a = projected(edge.first);
    let b = projected(edge.second);
    let paint = unpack4x8unorm(edge.paint);
    let along = (b.xy - a.xy) * view.layer.xy * 0.5;
    let size = max(length(along), 1e-6);
    let aside = vec2<f32>(-along.y, along.x) / size;
    let width = view.center_width.w * mix(0.5, 1.0, paint.w);
    let half_width = 0.5 * width;
    // The smooth rim ends half a pixel outside.
    let out_by = (f32(vertex & 1u) * 2.0 - 1.0) * (half_width + 0.5);
    let end = select(a, b, vertex > 1u);

    var out: Line;
    out.across = out_by;
    out.half_width = half_width;
    out.position = vec4<f32>(end.xy + aside * out_by * 2.0 / view.layer.xy, 0.5, 1.0);
    // Neither behind the eye, nor with a coordinate that is not a number, nor far outside.
    let most = max(max(abs(a.x), abs(a.y)), max(abs(b.x), abs(b.y)));
    if !(a.w > 0.05 && b.w > 0.05 && most < 64.0) {
        out.position = vec4<f32>(2.0, 2.0, 0.5, 1.0);
    }
    let fades = 1.0 - view.layer.w * (1.0 - 0.5 * (a.z + b.z));
    out.color = vec4<f32>(paint.rgb, view.layer.z * mix(0.25, 1.0, paint.w) * fades);
    return out;
}

fn covered(in: Line) -> f32 {
    return in.color.a * clamp(in.half_width + 0.5 - abs(in.across), 0.0, min(1.0, 2.0 * in.half_width));
}

@fragment
fn edge_fragment(in: Line) -> @location(0) vec4<f32> {
    let alpha = covered(in);
    return vec4<f32>(in.color.rgb * alpha, alpha);
}

fn to_linear(c: vec3<f32>) -> vec3<f32> {
    return select(pow((c + 0.055) / 1.055, vec3<f32>(2.4)), c / 12.92, c <= vec3<f32>(0.04045));
}

// The same for a window whose picture is stored in linear light (an sRGB target).
@fragment
fn edge_linear_fragment(in: Line) -> @location(0) vec4<f32> {
    let alpha = covered(in);
    return vec4<f32>(to_linear(in.color.rgb) * alpha, alpha);
}
