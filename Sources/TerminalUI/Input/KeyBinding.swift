/// Names an action of a screen; the binding that triggers it, the menu item and the update all use the same one.
public struct ActionID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let name: String
    public init(_ name: String) { self.name = name }
    public init(stringLiteral value: String) { name = value }
    public var description: String { name }
}

/// Whether an action can be done now, and if not, why: a disabled action is shown greyed with its reason.
public enum Availability: Hashable, Sendable {
    case enabled
    case disabled(String)

    public var isEnabled: Bool { self == .enabled }
    public var reason: String? {
        if case .disabled(let reason) = self { return reason }
        return nil
    }

    /// Enabled if the condition holds, else disabled for `reason`.
    public static func when(_ condition: Bool, otherwise reason: String) -> Availability {
        condition ? .enabled : .disabled(reason)
    }
}

/// Something that a place may lack and a binding may need: whoever shows the bindings knows which it has.
public struct Need: Hashable, Sendable {
    public let name: String
    public init(_ name: String) { self.name = name }
}

/// A key that works here, as data. Footer, help and the README's key table are made from these.
public struct KeyBinding: Hashable, Sendable {
    /// Where a binding is shown.
    public enum Prominence: Int, Hashable, Sendable {
        /// In the footer while there is room, and in help.
        case footer
        /// In help only: movement and the like.
        case help
    }

    public var keys: [Key]
    /// What it does, in a word or two, for the footer.
    public var title: String
    /// A sentence for help; `title` if empty.
    public var help: String
    public var action: ActionID
    public var availability: Availability
    public var prominence: Prominence
    /// Also offered in the `a` menu, where destructive actions come last.
    public var isMenuAction: Bool
    public var isDestructive: Bool
    /// What the place must have for it to be done there.
    public var needs: Set<Need>

    public init(
        _ keys: [Key], _ title: String, _ action: ActionID, help: String = "",
        availability: Availability = .enabled, prominence: Prominence = .footer, menu: Bool = false,
        destructive: Bool = false, needs: Set<Need> = []
    ) {
        self.keys = keys
        self.title = title
        self.help = help
        self.action = action
        self.availability = availability
        self.prominence = prominence
        isMenuAction = menu
        isDestructive = destructive
        self.needs = needs
    }

    /// `Enter`, `j/↓`, … as shown.
    public var keyNames: String { keys.map(\.description).joined(separator: "/") }
}

extension [KeyBinding] {
    /// The binding a key triggers: the first that lists it.
    public func binding(for key: Key) -> KeyBinding? {
        first { $0.keys.contains(key) }
    }
}
