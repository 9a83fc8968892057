extension OperationModel {
    private static let lookingVerbs = [
        "Describe", "Explain", "Filter", "Get", "Head", "List", "Peek", "Preview", "Query", "Scan", "Search",
        "Simulate", "Test", "Validate", "WaitForChanges",
    ]

    /// Whether the operation only looks, judged by its verb, as AWS names operations. `ReceiveMessage` does not: it
    /// starts a visibility timeout.
    public var isObservation: Bool { Self.isObservation(name) }

    /// Likewise, for an operation that is only known by name.
    public static func isObservation(_ name: String) -> Bool {
        lookingVerbs.contains { name.hasPrefix($0) } && name != "GetActivityTask"
    }
}
