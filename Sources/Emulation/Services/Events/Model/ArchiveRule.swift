import AWSModel
import AWSTypes

/// The rule that EventBridge makes for an archive and manages by itself. It is there to be seen: the archive keeps events.
enum ArchiveRule {
    static let manager = "prod.vhs.events.aws.internal"

    static func name(of archive: EventArchive) -> String { "Events-Archive-\(archive.name)" }

    static func rule(for archive: EventArchive, on bus: EventBus) -> EventRule {
        let rule = EventRule(scope: bus.scope, busName: bus.name, name: name(of: archive))
        rule.managedBy = manager
        // AWS: what comes from an archive does not go into one.
        var pattern = archive.patternText.flatMap { try? JSONReader.parse($0) }?.object ?? [:]
        pattern["replay-name"] = [["exists": false]]
        rule.patternText = JSONWriter.string(.object(pattern))
        let template =
            #"{"archive-arn": "\#(archive.arn):\#(identifier(of: archive))", "event": <aws.events.event.json>, "#
            + #""ingestion-time": <aws.events.event.ingestion-time>}"#
        rule.targets = [
            Events.Target(
                id: rule.name, arn: "arn:\(bus.scope.partition):events:\(bus.scope.region):::",
                inputTransformer: Events.InputTransformer(inputPathsMap: [:], inputTemplate: template))
        ]
        return rule
    }

    /// In the form of a UUID, the same for as long as the archive lives.
    private static func identifier(of archive: EventArchive) -> String {
        let digits = MessageDigest.sha256("\(archive.arn) \(archive.created.microseconds)").prefix(32)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
