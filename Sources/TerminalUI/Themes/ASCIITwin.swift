/// The ASCII character that stands in for each glyph we draw, in as many columns.
enum ASCIITwin {
    private static let twins: [Unicode.Scalar: Unicode.Scalar] = {
        var map: [Unicode.Scalar: Unicode.Scalar] = [:]
        func add(_ from: String, _ to: String) {
            if to.unicodeScalars.count == 1, let one = to.unicodeScalars.first {
                for scalar in from.unicodeScalars { map[scalar] = one }
            } else {
                for (a, b) in zip(from.unicodeScalars, to.unicodeScalars) { map[a] = b }
            }
        }
        add("─━╌┄┈╴╶", "-")
        add("═", "=")
        add("│┃╎┆┊║╵╷", "|")
        add("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛╔╗╚╝╞╡╪┣┫┳┻╋", "+")
        add("✓✗▶■⏱◌‖○●▲", "vx>#T.=oO^")
        add("▷►▸▹→›»❯⟩", ">")
        add("◁◄◂◃←‹«❮⟨", "<")
        add("↑△▴", "^")
        add("↓▽▾▼", "v")
        add("↻↺⟳", "@")
        add("▁▂▃▄▅▆▇█", "._-=+*%#")
        add("▏▎▍▌▋▊▉▐", "|")
        add("░▒▓", ".:#")
        add("·•∙⋅", ".")
        add("…", "~")
        add("×✕", "x")
        add("–—‐‑−", "-")
        add("‘’‚′", "'")
        add("“”„″", "\"")
        add("◆◇★☆", "*")
        add("⏸", "=")
        add("≤≥≠≈±µ∞Σσ", "<>#~+u8SS")
        add("⎇⌂⏎↵␣", "YH<<_")
        add("¤€£", "$")
        add("\u{A0}\u{2007}\u{202F}", " ")
        for value in UInt32(0x2400)...0x2421 {
            if let scalar = Unicode.Scalar(value) { map[scalar] = "." }
        }
        return map
    }()

    static func of(_ glyph: Glyph) -> Glyph {
        if glyph.id < 0x80 { return glyph }
        guard let scalar = glyph.scalars.first else { return glyph }
        if scalar.value < 0x80 { return Glyph(scalar) }  // the base without its marks
        return Glyph(twins[scalar] ?? "?")
    }
}
