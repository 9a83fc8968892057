import AWSModel
import AWSTypes
import StatesLanguage

/// Fetches a distributed Map's items from where its ItemReader says they are.
extension StepFunctionsService {
    func read(_ run: MapRunRecord, for record: ExecutionRecord) {
        guard let reader = run.order.itemReader else { return prepare(run, run.order.items ?? []) }
        do throws(ItemFault) {
            let config = try ItemReaderConfiguration(reader.object("ReaderConfig") ?? [:])
            let parameters = reader.object("Arguments") ?? reader.object("Parameters") ?? [:]
            let action = reader.string("Resource")?.split(separator: ":").last ?? ""
            guard let bucket = parameters.string("Bucket") else {
                throw ItemFault("The field 'Bucket' is required but was missing")
            }
            switch action {
            case "listObjectsV2": list(parameters, config, for: run, record, after: nil, found: [])
            case "getObject":
                guard let key = parameters.string("Key") else {
                    throw ItemFault("The field 'Key' is required but was missing")
                }
                if config.inputType == .manifest {
                    readManifest(bucket, key, config, for: run, record)
                } else {
                    readFiles([(bucket, key)], config, for: run, record, found: [])
                }
            default: throw ItemFault("The resource \(reader.string("Resource") ?? "") is no source of items.")
            }
        } catch {
            failReading(run, error.cause)
        }
    }

    private func failReading(_ run: MapRunRecord, _ cause: String) { fail(run, "States.ItemReaderFailed", cause) }

    private func failReading(_ run: MapRunRecord, _ error: ServiceError) {
        failReading(run, mapRunCause(error))
    }

    /// AWS: the words of the SDK.
    func mapRunCause(_ error: ServiceError) -> String {
        let status = ServiceModel.load(.s3)?.error(error.code)?.error?.httpStatusCode ?? error.status
        return
            "\(error.message) (Service: Amazon S3; Status Code: \(status); Error Code: \(error.code); Request ID: \(core.identifiers.uuid()); S3 Extended Request ID: \(Base64.encode(core.identifiers.bytes(56))); Proxy: null)"
    }

    func mapRunCaller(_ record: ExecutionRecord) -> Caller {
        Caller(
            scope: record.machine.scope, principalArn: record.revision.roleArn, endpoint: core.configuration.endpoint,
            servicePrincipal: "states.amazonaws.com")
    }

    func mapRunCause(of record: ExecutionRecord) -> Cause {
        record.origin ?? Cause(entry: nil, trace: core.newTrace())
    }

    // MARK: Listings

    private func list(
        _ parameters: DocumentObject, _ config: ItemReaderConfiguration, for run: MapRunRecord,
        _ record: ExecutionRecord, after token: String?, found: [DocumentValue]
    ) {
        var input = parameters
        if let token { input["ContinuationToken"] = .string(token) }
        core.call(
            S3.listObjectsV2, S3.ListObjectsV2Request(input), caller: mapRunCaller(record),
            cause: mapRunCause(of: record)
        ) { [unowned self] result in
            guard run.status == .running else { return }
            switch result {
            case .failure(let error): failReading(run, error)
            case .success(let output):
                var found = found
                // What is limited is what the objects hold, where they are read.
                let limit = config.loadsListedObjects ? Int.max : config.maxItems
                for object in output.contents ?? [] where found.count < limit {
                    found.append([
                        "Etag": .string(object.eTag ?? ""), "Key": .string(object.key ?? ""),
                        "LastModified": .integer((object.lastModified?.epochMilliseconds ?? 0) / 1000),
                        "Size": .integer(Int64(object.size ?? 0)), "StorageClass": .string(object.storageClass ?? ""),
                    ])
                }
                guard let next = output.nextContinuationToken, found.count < limit else {
                    guard config.loadsListedObjects else { return prepare(run, found) }
                    let bucket = parameters.string("Bucket") ?? ""
                    let files = found.compactMap { $0["Key"]?.string }.filter { !$0.hasSuffix("/") }
                    return readFiles(files.map { (bucket, $0) }, config, for: run, record, found: [])
                }
                list(parameters, config, for: run, record, after: next, found: found)
            }
        }
    }

    // MARK: Objects

    private func fetch(
        _ bucket: String, _ key: String, for run: MapRunRecord, _ record: ExecutionRecord,
        then: @escaping ([UInt8]) -> Void
    ) {
        core.call(
            S3.getObject, S3.GetObjectRequest(bucket: bucket, key: key), caller: mapRunCaller(record),
            cause: mapRunCause(of: record)
        ) { [unowned self] result in
            guard run.status == .running else { return }
            switch result {
            case .failure(let error): failReading(run, error)
            case .success(let output): then(output.body ?? [])
            }
        }
    }

    private func readManifest(
        _ bucket: String, _ key: String, _ config: ItemReaderConfiguration, for run: MapRunRecord,
        _ record: ExecutionRecord
    ) {
        fetch(bucket, key, for: run, record) { [unowned self] bytes in
            do throws(ItemFault) {
                var wanted = config
                // AWS: what Athena wrote says nothing of its form; the state does, in the same field.
                if config.manifestType == "ATHENA_DATA" {
                    wanted.inputType = key.hasSuffix(".json") ? .jsonLines : .csv
                }
                let (files, each) = try ItemParsing.manifest(bytes, bucket: bucket, wanted)
                readFiles(files, each, for: run, record, found: [])
            } catch {
                failReading(run, error.cause)
            }
        }
    }

    private func readFiles(
        _ files: [(bucket: String, key: String)], _ config: ItemReaderConfiguration, for run: MapRunRecord,
        _ record: ExecutionRecord, found: [DocumentValue]
    ) {
        guard let file = files.first, found.count < config.maxItems else { return prepare(run, found) }
        var config = config
        config.maxItems -= found.count
        fetch(file.bucket, file.key, for: run, record) { [unowned self] bytes in
            let parsing = config
            core.start(
                .work {
                    let bytes = GzipBody.decode(bytes) ?? bytes
                    do throws(ItemFault) {
                        return .success(try ItemParsing.items(bytes, parsing))
                    } catch {
                        return .failure(ServiceError("ItemReaderFailed", error.cause))
                    }
                }
            ) { [unowned self] event in
                guard case .finished(let result) = event, run.status == .running else { return }
                switch result {
                case .failure(let error): failReading(run, error.message)
                case .success(let value):
                    let items = value as? [DocumentValue] ?? []
                    config.maxItems += found.count
                    readFiles(Array(files.dropFirst()), config, for: run, record, found: found + items)
                }
            }
        }
    }
}
