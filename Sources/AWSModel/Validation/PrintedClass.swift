/// How AWS shows a structure in its refusals: as its class prints itself, with what was not given as null.
enum PrintedClass {
    /// AWS: members that the class has and the model does not.
    private static let unmodelled = ["PutEventsRequestEntry": ["kmsKeyIdentifier", "internalMetadata"]]

    /// `PutEventsRequestEntry(time=null, source=orders, …)`
    static func text(_ shape: Shape, _ value: (Member) -> String) -> String {
        var fields = shape.members.map { "\($0.name.prefix(1).lowercased())\($0.name.dropFirst())=\(value($0))" }
        fields += (unmodelled[shape.name] ?? []).map { "\($0)=null" }
        return "\(shape.name)(\(fields.joined(separator: ", ")))"
    }
}
