import AWSModel
import AWSTypes

// UploadServerCertificate, GetServerCertificate, ListServerCertificates, UpdateServerCertificate, DeleteServerCertificate.

extension IAMService {
    private static let serverCertificatesLimit = 20

    func registerServerCertificates(_ table: inout OperationTable) {
        table.on(IAM.uploadServerCertificate) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let name = input.serverCertificateName
            guard record(.serverCertificate, name, of: account) == nil else {
                throw .entityAlreadyExists("The Server Certificate with name \(name) already exists.")
            }
            guard records(.serverCertificate, of: account).count < Self.serverCertificatesLimit else {
                throw .iamLimitExceeded(
                    "Cannot exceed quota for ServerCertificatesPerAccount: \(Self.serverCertificatesLimit)")
            }
            let path = input.path ?? "/"
            var document: DocumentObject = [
                "name": .string(name), "path": .string(path),
                "id": .string("ASCA" + core.identifiers.upperAlphanumeric(17)),
                "arn": .string("arn:\(call.scope.partition):iam::\(account):server-certificate\(path)\(name)"),
                "body": .string(input.certificateBody), "uploaded": .integer(call.time.microseconds),
                "tags": .entries(try IAMText.merged([:], input.tags ?? []), DocumentValue.string),
            ]
            document.putString("chain", input.certificateChain)
            put(.serverCertificate, name, document, in: account)
            return IAM.UploadServerCertificateResponse(
                serverCertificateMetadata: Self.metadata(document), tags: Self.tags(of: document))
        }
        table.on(IAM.getServerCertificate) { [unowned self] (input, call) throws(ServiceError) in
            let document = try serverCertificate(input.serverCertificateName, call)
            return IAM.GetServerCertificateResponse(
                serverCertificate: IAM.ServerCertificate(
                    serverCertificateMetadata: Self.metadata(document),
                    certificateBody: document.string("body") ?? "", certificateChain: document.string("chain"),
                    tags: Self.tags(of: document) ?? []))
        }
        table.on(IAM.listServerCertificates) { [unowned self] (input, call) throws(ServiceError) in
            let found = records(.serverCertificate, of: call.scope.accountID).filter {
                ($0.document.string("path") ?? "/").hasPrefix(input.pathPrefix ?? "/")
            }
            let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.name }
            return IAM.ListServerCertificatesResponse(
                serverCertificateMetadataList: page.items.map { Self.metadata($0.document) },
                isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.updateServerCertificate) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            var document = try serverCertificate(input.serverCertificateName, call)
            let name = input.newServerCertificateName ?? input.serverCertificateName
            if name != input.serverCertificateName, record(.serverCertificate, name, of: account) != nil {
                throw .entityAlreadyExists("The Server Certificate with name \(name) already exists.")
            }
            let path = input.newPath ?? document.string("path") ?? "/"
            document["name"] = .string(name)
            document["path"] = .string(path)
            document["arn"] = .string("arn:\(call.scope.partition):iam::\(account):server-certificate\(path)\(name)")
            drop(.serverCertificate, input.serverCertificateName, in: account)
            put(.serverCertificate, name, document, in: account)
            return Unit()
        }
        table.on(IAM.deleteServerCertificate) { [unowned self] (input, call) throws(ServiceError) in
            _ = try serverCertificate(input.serverCertificateName, call)
            drop(.serverCertificate, input.serverCertificateName, in: call.scope.accountID)
            return Unit()
        }
    }

    private func serverCertificate(_ name: String, _ call: Call) throws(ServiceError) -> DocumentObject {
        guard let document = record(.serverCertificate, name, of: call.scope.accountID) else {
            throw .noSuchEntity("The Server Certificate with name \(name) cannot be found.")
        }
        if let arn = document.string("arn") { core.attribute(call, to: arn) }
        return document
    }

    private static func tags(of document: DocumentObject) -> [IAM.Tag]? {
        let tags = document.stringMap("tags") ?? [:]
        return tags.isEmpty ? nil : IAMText.tags(tags)
    }

    private static func metadata(_ document: DocumentObject) -> IAM.ServerCertificateMetadata {
        let uploaded = document.instant("uploaded")
        // What the certificate says itself is not read: a year from its upload stands for it.
        return IAM.ServerCertificateMetadata(
            path: document.string("path") ?? "/", serverCertificateName: document.string("name") ?? "",
            serverCertificateId: document.string("id") ?? "", arn: document.string("arn") ?? "", uploadDate: uploaded,
            expiration: uploaded + .seconds(365 * 86_400))
    }
}
