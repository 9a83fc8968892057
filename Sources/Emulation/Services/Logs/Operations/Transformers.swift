import AWSModel
import AWSTypes

// PutTransformer, GetTransformer, DeleteTransformer, TestTransformer, and what they make of events.

extension LogsService {
    static let transformerKind = "transformer"

    func putTransformer(_ input: Logs.PutTransformerRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        core.attribute(call, to: group.arn)
        guard group.logGroupClass == "STANDARD" else {
            throw .invalidParameter("Transformers are only supported for log groups of the Standard class.")
        }
        let transformer = try LogTransformer(input.transformerConfig)
        let config = DocumentValue.list(input.transformerConfig.map { .object($0.document) })
        setVersion(Self.transformerKind, group.name, config, at: call.time, in: call.scope)
        group.transformer.put(transformer, since: call.time.epochMilliseconds)
        core.changes.mark(group.arn)
        return Unit()
    }

    func getTransformer(
        _ input: Logs.GetTransformerRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetTransformerResponse {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        guard let transformer = group.transformer.current,
            let item = item(Self.transformerKind, group.name, in: call.scope)
        else { return Logs.GetTransformerResponse() }
        return Logs.GetTransformerResponse(
            logGroupIdentifier: group.arn, creationTime: item.document.integer("creationTime"),
            lastModifiedTime: Int(item.modified.epochMilliseconds), transformerConfig: transformer.processors)
    }

    func deleteTransformer(_ input: Logs.DeleteTransformerRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        core.attribute(call, to: group.arn)
        guard group.transformer.current != nil else {
            throw ServiceError("ResourceNotFoundException", "The specified log group has no transformer.")
        }
        setVersion(Self.transformerKind, group.name, nil, at: call.time, in: call.scope)
        group.transformer.put(nil, since: call.time.epochMilliseconds)
        core.changes.mark(group.arn)
        return Unit()
    }

    func testTransformer(
        _ input: Logs.TestTransformerRequest, _ call: Call
    ) throws(ServiceError) -> Logs.TestTransformerResponse {
        let transformer = try LogTransformer(input.transformerConfig)
        let origin = LogTransformer.Origin(group: "", stream: "", scope: call.scope)
        return Logs.TestTransformerResponse(
            transformedLogs: input.logEventMessages.enumerated().map { index, message in
                Logs.TransformedLogRecord(
                    eventNumber: index + 1, eventMessage: message,
                    transformedEventMessage: transformer.transformed(message, origin) ?? message)
            })
    }

    // MARK: Versions

    /// Keeps what counts from a time on, and what counted before.
    func setVersion(_ kind: String, _ id: String, _ value: DocumentValue?, at time: Instant, in scope: Scope) {
        let known = item(kind, id, in: scope)
        var document = known?.document ?? ["creationTime": .integer(time.epochMilliseconds)]
        // What was put after it had been taken away is new.
        if known.map({ Self.versions($0).last?.value == nil }) ?? false {
            document["creationTime"] = .integer(time.epochMilliseconds)
        }
        let version: DocumentValue = ["since": .integer(time.epochMilliseconds), "value": value ?? .null]
        document["versions"] = .list((document.list("versions") ?? []) + [version])
        save(LogsItem(scope: scope, kind: kind, id: id, document: document, modified: time))
    }

    static func versions(_ item: LogsItem) -> [(since: Int64, value: DocumentValue?)] {
        (item.document.list("versions") ?? []).map { version in
            let value = version["value"]
            return (version["since"]?.integer ?? 0, value == .null ? nil : value)
        }
    }

    static func transformer(_ config: DocumentValue) -> LogTransformer? {
        try? LogTransformer((config.list ?? []).compactMap(\.object).map { Logs.Processor($0) })
    }

    // MARK: Events

    /// The transformer for events of a group that came at a time. AWS: that of the account stands in for the group's own.
    private func transformer(for group: LogGroup, at time: Int64) -> LogTransformer? {
        if let own = group.transformer.value(at: time) { return own }
        return accountTransformers[group.scope]?.first { $0.covers(group) && $0.setting.value(at: time) != nil }?
            .setting.value(at: time)
    }

    /// The line as its transformer made it, masked; nil where there is none or it could not read the line.
    func transformed(_ message: String, at ingestion: Int64, stream: String, of group: LogGroup) -> String? {
        guard let transformer = transformer(for: group, at: ingestion) else { return nil }
        let origin = LogTransformer.Origin(group: group.name, stream: stream, scope: group.scope)
        return transformer.transformed(message, origin)
    }

    func hasTreatment(_ group: LogGroup) -> Bool {
        !group.transformer.isEmpty || !group.protection.isEmpty || accountTransformers[group.scope] != nil
            || accountProtection[group.scope] != nil
    }
}
