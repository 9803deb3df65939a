// A large area of one colour with rounded corners.
//
// egui draws areas too, but its shader reads a texture in several ways and keeps one, which costs a software adapter
// about thirty times as much.
//
// Bindings, group 0
//   @binding(0)  the area, uniform (see `Area`)

struct Area {
    // xy: centre in the window in pixels. zw: half its sides less the radius of its corners.
    place: vec4<f32>,
    // Colour times coverage, and coverage.
    color: vec4<f32>,
    // x: radius of the corners in pixels.
    corners: vec4<f32>,
}

@group(0) @binding(0) var<uniform> area: Area;

@vertex
fn fill_vertex(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4<f32> {
    let at = vec2<f32>(f32(vertex & 1u), f32(vertex >> 1u)) * 4.0 - 1.0;
    return vec4<f32>(at, 0.0, 1.0);
}

@fragment
fn fill_fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let beyond = abs(position.xy - area.place.xy) - area.place.zw;
    let outside = length(max(beyond, vec2<f32>(0.0))) + min(max(beyond.x, beyond.y), 0.0) - area.corners.x;
    return area.color * clamp(0.5 - outside, 0.0, 1.0);
}

// The same without corners.
@fragment
fn flat_fragment() -> @location(0) vec4<f32> {
    return area.color;
}
