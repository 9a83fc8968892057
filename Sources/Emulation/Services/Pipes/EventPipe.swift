import AWSModel
import AWSTypes

/// A pipe as it was made, and what polls its source.
final class EventPipe {
    let scope: Scope
    let name: String
    let created: Instant
    var modified: Instant
    /// Everything as DescribePipe shows it, times and states aside.
    var settings: Pipes.DescribePipeResponse
    var desiredState = "RUNNING"
    var currentState = "CREATING"
    var stateReason: String?
    var timer: TimerID?
    var source: PipeSource?
    // Since the engine started.
    var delivered = 0
    var filtered = 0
    /// What the filter had against the last message that it refused.
    var lastMismatch: String?
    var failures = 0
    var lastFailure: DeliveryFailure?

    init(scope: Scope, name: String, created: Instant, settings: Pipes.DescribePipeResponse) {
        self.scope = scope
        self.name = name
        self.created = created
        modified = created
        self.settings = settings
    }

    var arn: String { scope.arn("pipes", "pipe/\(name)") }
    var sourceArn: String { settings.source ?? "" }
    var targetArn: String { settings.target ?? "" }

    var shown: Pipes.DescribePipeResponse {
        var shown = settings
        shown.arn = arn
        shown.name = name
        shown.desiredState = desiredState
        shown.currentState = currentState
        shown.stateReason = stateReason
        shown.creationTime = created
        shown.lastModifiedTime = modified
        return shown
    }

    var summary: Pipes.Pipe {
        Pipes.Pipe(
            name: name, arn: arn, desiredState: desiredState, currentState: currentState, stateReason: stateReason,
            creationTime: created, lastModifiedTime: modified, source: settings.source, target: settings.target,
            enrichment: settings.enrichment)
    }

    var document: DocumentObject {
        [
            "created": .integer(created.microseconds), "modified": .integer(modified.microseconds),
            "desired": .string(desiredState), "current": .string(currentState), "settings": .object(settings.document),
        ]
    }

    convenience init(scope: Scope, name: String, document: DocumentObject) {
        self.init(
            scope: scope, name: name, created: Instant(microseconds: document["created"]?.integer ?? 0),
            settings: Pipes.DescribePipeResponse(document.object("settings") ?? [:]))
        modified = Instant(microseconds: document["modified"]?.integer ?? 0)
        desiredState = document.string("desired") ?? "RUNNING"
        currentState = document.string("current") ?? "RUNNING"
    }
}

/// Input templates of pipes: `<$.body.x>` and the pipe's own variables.
struct PipeTemplate {
    let pipe: EventPipe
    let now: Instant

    /// What an event becomes: itself without a template.
    func value(_ template: String?, _ event: DocumentValue) -> DocumentValue {
        guard let template, !template.isEmpty else { return event }
        let text = text(template, event)
        return (try? JSONReader.parse(text)) ?? .string(text)
    }

    private func text(_ template: String, _ event: DocumentValue) -> String {
        let parsed = Self.withParsedData(event)
        let names: [String: DocumentValue] = [
            "aws.pipes.pipe-arn": .string(pipe.arn), "aws.pipes.pipe-name": .string(pipe.name),
            "aws.pipes.source-arn": .string(pipe.sourceArn), "aws.pipes.target-arn": .string(pipe.targetArn),
            "aws.pipes.enrichment-arn": .string(pipe.settings.enrichment ?? ""),
            "aws.pipes.event.ingestion-time": .string(now.iso8601()), "aws.pipes.event": parsed,
            "aws.pipes.event.json": event,
        ]
        return InputTransform.rewrite(template) { name, isInText in
            let value = names[name] ?? EventPath(name)?.value(in: parsed)
            return InputTransform.text(value, isInText: isInText)
        }
    }

    /// AWS: a body that is JSON can be walked into ("implicit body data parsing").
    static func withParsedData(_ event: DocumentValue) -> DocumentValue {
        guard var object = event.object, let body = object.string("body"), let first = body.utf8.first,
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let parsed = try? JSONReader.parse(body)
        else { return event }
        object["body"] = parsed
        return .object(object)
    }

    /// A parameter that may be a path into the event: `$.messageId`.
    static func parameter(_ text: String?, _ event: DocumentValue) -> String? {
        guard let text, text.hasPrefix("$"), let path = EventPath(text) else { return text }
        guard let value = path.value(in: withParsedData(event)) else { return nil }
        return value.string ?? JSONWriter.string(value)
    }
}
