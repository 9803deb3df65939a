// Points as anti-aliased discs, in three passes.
//
// 1. "gather": every point is a quad of four vertices, one instance each. Its optical depth (how much it covers) is
//    ADDED to an off-screen picture, with its colour weighted by it. Sums do not depend on the order of the points, so
//    neither does the picture, and where many points overlap the sum tells how dense they are.
// 2. "tone": the sums become colour and coverage, kept in a second off-screen picture.
//    Where points have shapes of their own beside their colours the pass has other entries, "gather_shape".
// 3. "show": that picture is laid over whatever is behind it in the window. A frame in which nothing changed is this
//    pass alone.
//
// Bindings, group 0
//   @binding(0)  the view, uniform (see `View`); all passes
//   @binding(1)  sum of colour x weight, and in alpha the sum of weights, rgba16float; "tone" only
//   @binding(2)  sum of optical depths, r16float; "tone" only
//   @binding(3)  colour times coverage, and coverage; "show" only
//   @binding(4)  how that is read: the nearest texel, or a mixture where the picture is coarser than the window
//
// Vertex buffers of the first pass, one step per point
//   @location(0) position in data units, 3 x f32
//   @location(1) red, green, blue and strength: 7 bits of strength above 1 bit "selected", 4 x u8; with shapes 4 bits of
//                strength above 3 bits of the shape, counted down from 7, above the same bit

struct View {
    // From the centred position to x, y, nearness (0 far .. 1 near) and w.
    row_x: vec4<f32>,
    row_y: vec4<f32>,
    row_near: vec4<f32>,
    row_w: vec4<f32>,
    // xyz: subtracted from the positions. w: radius in pixels of the off-screen picture where w is 1.
    center_radius: vec4<f32>,
    // xy: size of the off-screen picture in pixels. z: what the sums are multiplied by, for the points that were left
    // out. w: exponent that the sum of optical depths is raised to: below 1 single points stand out more and dense
    // places saturate later.
    layer: vec4<f32>,
    // xy: corner of the view in the window in pixels. zw: one over its size there.
    window: vec4<f32>,
    // x: optical depth of one point. y: what is left of it when dimmed. z: 1 while anything is selected.
    // w: how much the far side fades, 0 in 2-D.
    strength: vec4<f32>,
    // rgb: towards what dimmed points fade. a: share of it.
    dimmed: vec4<f32>,
    // rgb: towards what the densest places go. a: the most of it.
    dense: vec4<f32>,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var colors: texture_2d<f32>;
@group(0) @binding(2) var depths: texture_2d<f32>;
@group(0) @binding(3) var picture: texture_2d<f32>;
@group(0) @binding(4) var reading: sampler;

struct Disc {
    @builtin(position) position: vec4<f32>,
    // Pixels from the centre of the disc.
    @location(0) from_center: vec2<f32>,
    @location(1) @interpolate(flat) color: vec3<f32>,
    // x: radius in pixels. y: share that its inside covers. z: weight of the colour.
    @location(2) @interpolate(flat) disc: vec3<f32>,
    @location(3) @interpolate(flat) shape: u32,
}

// A point of this strength, 0 to 1, on a quad that reaches so many radii from its centre.
fn gathered(vertex: u32, position: vec3<f32>, paint: vec4<u32>, strength: f32, reach: f32) -> Disc {
    let centered = vec4<f32>(position - view.center_radius.xyz, 1.0);
    let w = dot(view.row_w, centered);
    let near = clamp(dot(view.row_near, centered), 0.0, 1.0);
    let at = vec2<f32>(dot(view.row_x, centered), dot(view.row_y, centered)) / w;

    let selected = f32(paint.w & 1u);
    let dim = view.strength.z * (1.0 - selected);
    var color = vec3<f32>(paint.xyz) / 255.0;
    color = mix(color, view.dimmed.rgb, view.dimmed.a * dim);
    // A chosen point is seen among any number of dimmed ones.
    let chosen = view.strength.z * selected;
    var depth = max(view.strength.x, 1.2 * chosen) * mix(1.0, view.strength.y, dim);
    depth *= strength;
    depth *= mix(1.0, near, view.strength.w);
    // The colour of what is nearer, and of what is selected, outweighs what is behind it. No weight is above 1, so that
    // sums of half floats stop growing long before they overflow, nor so small that half floats lose it.
    let behind = min(18.0 * (1.0 - near) * view.strength.w + 6.0 * dim, 14.0);
    let radius = view.center_radius.w / w;

    let corner = vec2<f32>(f32(vertex & 1u), f32(vertex >> 1u)) * 2.0 - 1.0;
    var out: Disc;
    // The smooth rim ends half a pixel outside.
    out.from_center = corner * (radius * reach + 0.5);
    out.position = vec4<f32>(at + out.from_center * 2.0 / view.layer.xy, 0.5, 1.0);
    // Neither behind the eye nor with a coordinate that is not a number.
    if !(w > 0.05 && abs(at.x) < 16.0 && abs(at.y) < 16.0) {
        out.position = vec4<f32>(2.0, 2.0, 0.5, 1.0);
    }
    out.color = color;
    out.disc = vec3<f32>(radius, (1.0 - exp(-depth)) * min(1.0, 2.0 * radius), exp2(-behind));
    out.shape = 0u;
    return out;
}

@vertex
fn gather_vertex(
    @builtin(vertex_index) vertex: u32,
    @location(0) position: vec3<f32>,
    @location(1) paint: vec4<u32>,
) -> Disc {
    return gathered(vertex, position, paint, f32(paint.w >> 1u) / 127.0, 1.0);
}

@vertex
fn gather_shape_vertex(
    @builtin(vertex_index) vertex: u32,
    @location(0) position: vec3<f32>,
    @location(1) paint: vec4<u32>,
) -> Disc {
    // A triangle's corners reach the farthest.
    var out = gathered(vertex, position, paint, f32(paint.w >> 4u) / 15.0, 1.6);
    out.shape = 7u - ((paint.w >> 1u) & 7u);
    return out;
}

struct Sums {
    @location(0) color: vec4<f32>,
    @location(1) depth: f32,
}

// What a point adds at a place so many pixels outside its outline.
fn added(in: Disc, outside: f32) -> Sums {
    let covered = in.disc.y * clamp(0.5 - outside, 0.0, 1.0);
    let depth = -log(1.0 - min(covered, 0.995));
    let weight = depth * in.disc.z;
    return Sums(vec4<f32>(in.color * weight, weight), depth);
}

@fragment
fn gather_fragment(in: Disc) -> Sums {
    return added(in, length(in.from_center) - in.disc.x);
}

// How far a place lies outside a triangle that stands on its side, and outside an upright cross, of the area of a disc of
// radius 1.
fn outside_triangle(at: vec2<f32>) -> f32 {
    return max(0.866025 * abs(at.x) + 0.5 * at.y, -at.y) - 0.77756;
}

fn outside_cross(at: vec2<f32>) -> f32 {
    let way = abs(at);
    return min(max(way.x - 1.271, way.y - 0.36), max(way.x - 0.36, way.y - 1.271));
}

// The same shapes as in `app/kit/shapes.rs`, in the same order.
@fragment
fn gather_shape_fragment(in: Disc) -> Sums {
    let at = in.from_center / in.disc.x;
    let way = abs(at);
    var outside = length(at) - 1.0;
    switch in.shape {
        case 1u: { outside = max(way.x, way.y) - 0.886227; }
        case 2u: { outside = outside_triangle(at); }
        case 3u: { outside = (way.x + way.y - 1.253314) * 0.707107; }
        case 4u: { outside = outside_cross(at); }
        case 5u: { outside = abs(length(at) - 0.93) - 0.27; }
        case 6u: { outside = outside_triangle(vec2<f32>(at.x, -at.y)); }
        case 7u: { outside = outside_cross(vec2<f32>(at.x + at.y, at.x - at.y) * 0.707107); }
        default: {}
    }
    return added(in, outside * in.disc.x);
}

@vertex
fn whole_vertex(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers the view.
    let at = vec2<f32>(f32(vertex & 1u), f32(vertex >> 1u)) * 4.0 - 1.0;
    return vec4<f32>(at, 0.0, 1.0);
}

// Colour and coverage at a place of the off-screen picture.
fn toned(position: vec4<f32>) -> vec4<f32> {
    let texel = vec2<i32>(floor(position.xy));
    let sum = textureLoad(colors, texel, 0);
    let depth = min(textureLoad(depths, texel, 0).r, 60000.0) * view.layer.z;
    if depth <= 0.0 || sum.a <= 0.0 {
        return vec4<f32>(0.0);
    }
    var color = min(sum.rgb / sum.a, vec3<f32>(1.0));
    // Where the picture is already opaque the density still shows, on a logarithmic scale.
    let beyond = clamp(log2(max(depth / 4.0, 1.0)) / 6.0, 0.0, 1.0);
    color = mix(color, view.dense.rgb, view.dense.a * beyond);
    let alpha = 1.0 - exp(-pow(depth, view.layer.w));
    return vec4<f32>(color, alpha);
}

@fragment
fn tone_fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let seen = toned(position);
    return vec4<f32>(seen.rgb * seen.a, seen.a);
}

fn to_linear(c: vec3<f32>) -> vec3<f32> {
    return select(pow((c + 0.055) / 1.055, vec3<f32>(2.4)), c / 12.92, c <= vec3<f32>(0.04045));
}

// The same for a window whose picture is stored in linear light (an sRGB target). Not a branch of the other: software
// adapters go through both sides of a branch.
@fragment
fn tone_linear_fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let seen = toned(position);
    return vec4<f32>(to_linear(seen.rgb) * seen.a, seen.a);
}

@fragment
fn show_fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    return textureSample(picture, reading, (position.xy - view.window.xy) * view.window.zw);
}
