/// What each role looks like. `nil` colours are the terminal's own.
public struct Theme: Hashable, Sendable {
    public enum Name: String, CaseIterable, Hashable, Sendable {
        case dark, light, mono
    }

    /// The look of a cell once its roles are resolved.
    public struct Look: Hashable, Sendable {
        public var foreground: Colour?
        public var background: Colour?
        public var attributes: Style.Attributes
    }

    public let name: Name
    /// What a painter without a terminal (SVG) uses for the terminal's own colours.
    public let defaultForeground: Colour
    public let defaultBackground: Colour
    private let colours: [Colour?]
    private let extra: [Style.Attributes]

    init(
        name: Name, foreground: Colour, background: Colour, colours: [Role: Colour],
        attributes: [Role: Style.Attributes]
    ) {
        self.name = name
        defaultForeground = foreground
        defaultBackground = background
        self.colours = Role.allCases.map { colours[$0] }
        extra = Role.allCases.map { attributes[$0] ?? [] }
    }

    public func colour(_ role: Role) -> Colour? { colours[Int(role.rawValue)] }

    /// Colours and attributes of a style. Roles may add attributes, which is all a monochrome theme has.
    public func look(_ style: Style) -> Look {
        let background = colour(style.background)
        // On a colour of ours the terminal's own foreground might not be readable.
        let own = style.background == .background ? nil : name == .mono ? nil : defaultForeground
        return Look(
            foreground: colour(style.foreground) ?? own, background: background,
            attributes: style.attributes.union(extra[Int(style.foreground.rawValue)])
                .union(extra[Int(style.background.rawValue)]))
    }

    public static func named(_ name: Name) -> Theme {
        switch name {
        case .dark: dark
        case .light: light
        case .mono: mono
        }
    }

    /// By what a terminal says of its colours in `COLORFGBG` (`15;0`: white on black); dark if it says nothing.
    public static func suited(toForegroundAndBackground text: String?) -> Theme {
        guard let last = text?.split(separator: ";").last, let background = Int(last) else { return .dark }
        return background == 7 || (9...15).contains(background) ? .light : .dark
    }

    /// For dark backgrounds: grey frames, one teal accent, muted status colours.
    public static let dark = Theme(
        name: .dark, foreground: Colour(0xD4D6D4, 252, 7), background: Colour(0x16181A, 233, 0),
        colours: [
            .dim: Colour(0x8A9095, 245, 7), .faint: Colour(0x5F656A, 241, 8),
            .disabled: Colour(0x6A7075, 242, 8), .title: Colour(0xD0D6DA, 252, 7),
            .accent: Colour(0x5FB8B0, 73, 6), .link: Colour(0x7FB0D8, 110, 6),
            .border: Colour(0x454B50, 239, 8), .borderFocused: Colour(0x5FB8B0, 73, 6),
            .success: Colour(0x87AF6F, 108, 2), .failure: Colour(0xE07A73, 174, 1),
            .warning: Colour(0xDDB35F, 179, 3), .running: Colour(0x6FA8DC, 74, 4),
            .info: Colour(0x8AB4D0, 110, 6), .key: Colour(0x5FB8B0, 73, 6),
            .heading: Colour(0x8A9095, 245, 7), .control: Colour(0xC08AB8, 139, 5),
            .selection: Colour(0x2B4A4E, 23, 4), .selectionIdle: Colour(0x2A2E32, 236, 8),
            .match: Colour(0x5A4A1E, 58, 3), .matchCurrent: Colour(0x8A6A1E, 94, 3),
            .popup: Colour(0x1E2225, 234, 0), .bar: Colour(0x22262A, 235, 0),
            .jsonKey: Colour(0x7FB0D8, 110, 6), .jsonString: Colour(0xA3BE8C, 144, 2),
            .jsonNumber: Colour(0xD7A978, 180, 3), .jsonLiteral: Colour(0xB794C8, 140, 5),
            .jsonPunctuation: Colour(0x7A8085, 243, 8),
            .series1: Colour(0x5FB8B0, 73, 6), .series2: Colour(0xDDB35F, 179, 3),
            .series3: Colour(0xB794C8, 140, 5), .series4: Colour(0x87AF6F, 108, 2),
            .series5: Colour(0xE07A73, 174, 1), .series6: Colour(0x6FA8DC, 74, 4),
        ],
        attributes: [.heading: [], .disabled: [.italic]])

    /// For light backgrounds. It paints its own, so that it is readable on a dark terminal too.
    public static let light = Theme(
        name: .light, foreground: Colour(0x24292E, 235, 0), background: Colour(0xFCFCFA, 231, 15),
        colours: [
            .text: Colour(0x24292E, 235, 0), .background: Colour(0xFCFCFA, 231, 15),
            .dim: Colour(0x6A7075, 242, 8), .faint: Colour(0x9AA0A5, 247, 7),
            .disabled: Colour(0x9AA0A5, 247, 7), .title: Colour(0x24292E, 235, 0),
            .accent: Colour(0x00756C, 30, 6), .link: Colour(0x1F6FB2, 25, 4),
            .border: Colour(0xC4C9CC, 251, 7), .borderFocused: Colour(0x00756C, 30, 6),
            .success: Colour(0x3F7A28, 64, 2), .failure: Colour(0xB3312B, 124, 1),
            .warning: Colour(0x8F6400, 94, 3), .running: Colour(0x1F6FB2, 25, 4),
            .info: Colour(0x2F6F94, 24, 4), .key: Colour(0x00756C, 30, 6),
            .heading: Colour(0x6A7075, 242, 8), .control: Colour(0x8A3F80, 90, 5),
            .selection: Colour(0xCFE8E5, 152, 6), .selectionIdle: Colour(0xE6E8E8, 254, 7),
            .match: Colour(0xFFF0B8, 229, 3), .matchCurrent: Colour(0xFFD75F, 221, 3),
            .popup: Colour(0xF3F4F3, 255, 15), .bar: Colour(0xECEEEE, 255, 15),
            .jsonKey: Colour(0x1F6FB2, 25, 4), .jsonString: Colour(0x3F7A28, 64, 2),
            .jsonNumber: Colour(0x9A5A00, 130, 3), .jsonLiteral: Colour(0x7A3F9A, 91, 5),
            .jsonPunctuation: Colour(0x8A9095, 245, 8),
            .series1: Colour(0x00756C, 30, 6), .series2: Colour(0xA87500, 136, 3),
            .series3: Colour(0x7A3F9A, 91, 5), .series4: Colour(0x3F7A28, 64, 2),
            .series5: Colour(0xB3312B, 124, 1), .series6: Colour(0x1F6FB2, 25, 4),
        ],
        attributes: [:])

    /// No colour at all: bold, dim, underline and reverse carry what the glyphs do not.
    public static let mono = Theme(
        name: .mono, foreground: Colour(0xD4D6D4, 252, 7), background: Colour(0x16181A, 233, 0),
        colours: [:],
        attributes: [
            .selection: [.reverse], .selectionIdle: [.underline], .match: [.underline],
            .matchCurrent: [.reverse], .borderFocused: [.bold], .failure: [.bold], .warning: [.bold],
            .key: [.bold], .accent: [.bold], .title: [.bold], .faint: [.dim], .disabled: [.dim],
            .border: [.dim], .link: [.underline],
        ])
}
