import TerminalUI

/// The keys that mean the same on every screen that has them. A screen lists those it answers to.
extension KeyBinding {
    /// `r`: fetch again.
    public static let refresh = KeyBinding(["r"], "refresh", "refresh", help: "Fetch again", prominence: .help)

    /// `w`: which rule holds the selected thing, and when it will move.
    public static func why(_ availability: Availability = .enabled) -> KeyBinding {
        KeyBinding(
            ["w"], "why?", "why", help: "Why is it where it is, and when will it move?", availability: availability,
            menu: true, needs: [.engine])
    }

    /// The same, told by help where the line of keys has no room for it.
    public static func quietWhy(_ availability: Availability = .enabled) -> KeyBinding {
        var binding = why(availability)
        binding.prominence = .help
        return binding
    }

    /// `t`: the whole trace of the selected thing.
    public static func trace(_ availability: Availability = .enabled) -> KeyBinding {
        KeyBinding(
            ["t"], "trace", "trace", help: "Follow its trace, forward and back", availability: availability, menu: true,
            needs: [.engine])
    }

    /// `Enter`: open the selected thing.
    public static func open(_ availability: Availability = .enabled) -> KeyBinding {
        KeyBinding(["enter"], "open", "open", help: "Open it", availability: availability)
    }
}
