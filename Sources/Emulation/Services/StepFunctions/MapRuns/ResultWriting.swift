import AWSModel
import AWSTypes
import StatesLanguage

/// Writes a Map Run's results to S3, or hands them to the state.
extension StepFunctionsService {
    private enum Transformation: String { case none = "NONE", compact = "COMPACT", flatten = "FLATTEN" }

    private struct ResultFile {
        var status: String
        var key: String
        var bytes: [UInt8]
    }

    func writesResults(_ run: MapRunRecord) -> Bool { run.order.resultWriter?.string("Resource") != nil }

    /// Without a place to write to, the state's result is what the children gave, in the items' order.
    func inlineResult(of run: MapRunRecord) -> Payload {
        let config = run.order.resultWriter?.object("WriterConfig")
        let transformation = config?.string("Transformation").flatMap(Transformation.init(rawValue:)) ?? .compact
        let ended = run.children.filter { $0.status == .succeeded }
        return Payload(.list(ended.flatMap { entries($0, of: run, transformation) }))
    }

    private func entries(
        _ child: MapRunChild, of run: MapRunRecord, _ transformation: Transformation
    ) -> [DocumentValue] {
        switch transformation {
        case .none: return [.object(described(child, of: run))]
        case .compact, .flatten:
            // AWS: what failed is shown whole even in the short forms.
            guard child.status == .succeeded, let output = child.output.flatMap({ try? JSONReader.parse($0) }) else {
                return [.object(described(child, of: run))]
            }
            if transformation == .flatten, case .list(let list) = output { return list }
            return [output]
        }
    }

    private func described(_ child: MapRunChild, of run: MapRunRecord) -> DocumentObject {
        var entry = DocumentObject()
        if let cause = child.cause { entry["Cause"] = .string(cause) }
        if let error = child.error { entry["Error"] = .string(error) }
        if let arn = child.arn { entry["ExecutionArn"] = .string(arn) }
        entry["Input"] = .string(child.input)
        entry["InputDetails"] = ["Included": true]
        if let arn = child.arn {
            let parts = arn.split(separator: ":")
            entry["Name"] = .string(
                String(parts[run.order.executionType == .standard ? parts.count - 1 : parts.count - 2]))
        }
        if let output = child.output {
            entry["Output"] = .string(output)
            entry["OutputDetails"] = ["Included": true]
        }
        if run.order.executionType == .standard {
            entry["RedriveCount"] = .integer(Int64(child.arn.flatMap { executions[$0]?.redrives } ?? 0))
            entry["RedriveStatus"] = .string(child.status == .succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN")
            if child.status == .succeeded {
                entry["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
            }
        }
        if let started = child.started { entry["StartDate"] = .string(started.iso8601()) }
        if let parent = executions[run.parentArn] {
            entry["StateMachineArn"] = .string("\(parent.machine.arn)/\(run.label)")
        }
        entry["Status"] = .string(child.status.rawValue)
        if let stopped = child.stopped { entry["StopDate"] = .string(stopped.iso8601()) }
        return entry
    }

    // MARK: To S3

    func writeResults(
        of run: MapRunRecord, for record: ExecutionRecord, then: @escaping (Result<Payload, ServiceError>) -> Void
    ) {
        let writer = run.order.resultWriter ?? [:]
        let parameters = writer.object("Arguments") ?? writer.object("Parameters") ?? [:]
        let config = writer.object("WriterConfig") ?? [:]
        guard let bucket = parameters.string("Bucket") else {
            return then(.failure(.validation("The field 'Bucket' is required but was missing")))
        }
        var folder = parameters.string("Prefix") ?? ""
        if !folder.isEmpty, !folder.hasSuffix("/") { folder += "/" }
        folder += run.id
        let transformation = config.string("Transformation").flatMap(Transformation.init(rawValue:)) ?? .none
        let asLines = config.string("OutputType") == "JSONL"
        let groups: [(String, (MapRunChild.Status) -> Bool)] = [
            ("SUCCEEDED", { $0 == .succeeded }), ("FAILED", { $0 == .failed || $0 == .timedOut }),
            ("PENDING", { $0 == .pending || $0 == .aborted || $0 == .running }),
        ]
        var files: [ResultFile] = []
        for (name, belongs) in groups {
            let children = run.children.filter { belongs($0.status) }
            guard !children.isEmpty else { continue }
            let texts = children.flatMap { entries($0, of: run, transformation) }.map { JSONWriter.string($0) }
            let text = asLines ? texts.joined(separator: "\n") : "[\(texts.joined(separator: ","))]"
            files.append(
                ResultFile(
                    status: name, key: "\(folder)/\(name)_0.\(asLines ? "jsonl" : "json")", bytes: Array(text.utf8)))
        }
        let key = "\(folder)/manifest.json"
        var named = DocumentObject()
        for name in ["FAILED", "PENDING", "SUCCEEDED"] {
            named[name] = .list(
                files.filter { $0.status == name }.map {
                    ["Key": .string($0.key), "Size": .integer(Int64($0.bytes.count))]
                })
        }
        let manifest: DocumentObject = [
            "DestinationBucket": .string(bucket), "MapRunArn": .string(run.arn), "ResultFiles": .object(named),
        ]
        files.append(ResultFile(status: "", key: key, bytes: JSONWriter.bytes(.object(manifest))))
        put(files, into: bucket, for: record) { [unowned self] error in
            if let error {
                return then(.failure(ServiceError(error.code, mapRunCause(error), status: error.status)))
            }
            run.resultsWritten = run.counts.hasEnded
            then(
                .success(
                    Payload([
                        "MapRunArn": .string(run.arn),
                        "ResultWriterDetails": ["Bucket": .string(bucket), "Key": .string(key)],
                    ])))
        }
    }

    private func put(
        _ files: [ResultFile], into bucket: String, for record: ExecutionRecord,
        then: @escaping (ServiceError?) -> Void
    ) {
        guard let file = files.first else { return then(nil) }
        core.call(
            S3.putObject,
            S3.PutObjectRequest(body: file.bytes, bucket: bucket, contentType: "application/json", key: file.key),
            caller: mapRunCaller(record), cause: mapRunCause(of: record)
        ) { [unowned self] result in
            switch result {
            case .failure(let error): then(error)
            case .success: put(Array(files.dropFirst()), into: bucket, for: record, then: then)
            }
        }
    }
}
