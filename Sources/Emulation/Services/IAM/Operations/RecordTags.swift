import AWSModel
import AWSTypes

// Tags of instance profiles, identity providers, MFA devices and server certificates: three operations each.

extension IAMService {
    func registerRecordTags(_ table: inout OperationTable) {
        register(&table, "InstanceProfile", key: "InstanceProfileName", .instanceProfile) {
            "Instance Profile \($0) cannot be found."
        }
        register(&table, "OpenIDConnectProvider", key: "OpenIDConnectProviderArn", .openIDProvider) {
            "OpenIDConnect Provider not found for arn \($0)"
        }
        register(&table, "SAMLProvider", key: "SAMLProviderArn", .samlProvider) {
            "SAML provider \($0) cannot be found."
        }
        register(&table, "MFADevice", key: "SerialNumber", .device) {
            "MFA Device with serial number \($0) does not exist."
        }
        register(&table, "ServerCertificate", key: "ServerCertificateName", .serverCertificate) {
            "The Server Certificate with name \($0) cannot be found."
        }
    }

    /// Input or output of an operation whose model only differs in the resource's name.
    private struct Members: AWSStructure {
        var document: DocumentObject
        init(_ document: DocumentObject) { self.document = document }
    }

    private func register(
        _ table: inout OperationTable, _ word: String, key: String, _ kind: RecordKind,
        missing: @escaping (String) -> String
    ) {
        func find(_ input: Members, _ call: Call) throws(ServiceError) -> (name: String, document: DocumentObject) {
            let name = input.document.string(key) ?? ""
            guard let document = record(kind, name, of: call.scope.accountID) else {
                throw .noSuchEntity(missing(name))
            }
            return (name, document)
        }
        func keep(_ tags: [String: String], _ name: String, _ document: DocumentObject, _ call: Call) {
            var document = document
            document["tags"] = .entries(tags, DocumentValue.string)
            put(kind, name, document, in: call.scope.accountID)
        }
        func operation(_ name: String) -> Operation<Members, Members> { Operation(service: IAM.id, name: name) }

        table.on(operation("Tag\(word)")) { (input, call) throws(ServiceError) in
            let (name, document) = try find(input, call)
            let tags: [IAM.Tag] = input.document.structures("Tags") ?? []
            keep(try IAMText.merged(document.stringMap("tags") ?? [:], tags), name, document, call)
            return Members([:])
        }
        table.on(operation("Untag\(word)")) { (input, call) throws(ServiceError) in
            let (name, document) = try find(input, call)
            let keys = input.document.strings("TagKeys") ?? []
            keep((document.stringMap("tags") ?? [:]).filter { !keys.contains($0.key) }, name, document, call)
            return Members([:])
        }
        table.on(operation("List\(word)Tags")) { (input, call) throws(ServiceError) in
            let tags = IAMText.tags(try find(input, call).document.stringMap("tags") ?? [:])
            let page = try IAMPage(
                tags, marker: input.document.string("Marker"), maxItems: input.document.integer("MaxItems")
            ) { $0.key }
            return Members(page.document("Tags", page.items.map { .object($0.document) }))
        }
    }
}
