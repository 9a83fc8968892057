import AWSModel
import AWSTypes

// Service-specific credentials: a user's name and password for CodeCommit, Keyspaces or Bedrock.

extension IAMService {
    private static let credentialsLimit = 2
    private static let supported = [
        "codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com", "logs.amazonaws.com",
    ]

    func registerServiceCredentials(_ table: inout OperationTable) {
        table.on(IAM.createServiceSpecificCredential) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(input.userName, call)
            guard Self.supported.contains(input.serviceName) else {
                throw .noSuchEntity(
                    "No such service \(input.serviceName) is supported for Service Specific Credentials")
            }
            guard credentials(of: user, for: input.serviceName).count < Self.credentialsLimit else {
                throw .iamLimitExceeded(
                    "Cannot exceed quota for ServiceSpecificCredentialsPerUser: \(Self.credentialsLimit)")
            }
            let id = "ACCA" + core.identifiers.upperAlphanumeric(16)
            var document: DocumentObject = [
                "user": .string(user.name), "service": .string(input.serviceName), "active": true,
                "name": .string("\(user.name)-at-\(user.accountID)"), "created": .integer(call.time.microseconds),
            ]
            if let days = input.credentialAgeDays {
                document["expires"] = .integer((call.time + .seconds(days * 86_400)).microseconds)
            }
            put(.serviceCredential, id, document, in: user.accountID)
            return IAM.CreateServiceSpecificCredentialResponse(serviceSpecificCredential: withPassword(id, document))
        }
        table.on(IAM.listServiceSpecificCredentials) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            let page = try IAMPage(
                credentials(of: user, for: input.serviceName), marker: input.marker, maxItems: input.maxItems
            ) { $0.name }
            return IAM.ListServiceSpecificCredentialsResponse(
                serviceSpecificCredentials: page.items.map { Self.metadata($0.name, $0.document) },
                marker: page.marker, isTruncated: page.isTruncated)
        }
        table.on(IAM.updateServiceSpecificCredential) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            var document = try credential(input.serviceSpecificCredentialId, of: user)
            document["active"] = .bool(input.status == "Active")
            put(.serviceCredential, input.serviceSpecificCredentialId, document, in: user.accountID)
            return Unit()
        }
        table.on(IAM.resetServiceSpecificCredential) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            let id = input.serviceSpecificCredentialId
            return IAM.ResetServiceSpecificCredentialResponse(
                serviceSpecificCredential: withPassword(id, try credential(id, of: user)))
        }
        table.on(IAM.deleteServiceSpecificCredential) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            _ = try credential(input.serviceSpecificCredentialId, of: user)
            drop(.serviceCredential, input.serviceSpecificCredentialId, in: user.accountID)
            return Unit()
        }
    }

    private func credentials(
        of user: IAMUser, for service: String?
    ) -> [(name: String, document: DocumentObject)] {
        records(.serviceCredential, of: user.accountID).filter {
            $0.document.string("user") == user.name && (service == nil || $0.document.string("service") == service)
        }
    }

    private func credential(_ id: String, of user: IAMUser) throws(ServiceError) -> DocumentObject {
        guard let document = record(.serviceCredential, id, of: user.accountID), document.string("user") == user.name
        else { throw .noSuchEntity("No such credential \(id) exists") }
        return document
    }

    /// AWS: the password is shown once, when it is made.
    private func withPassword(_ id: String, _ document: DocumentObject) -> IAM.ServiceSpecificCredential {
        IAM.ServiceSpecificCredential(
            createDate: document.instant("created"), expirationDate: Self.expiration(document),
            serviceName: document.string("service") ?? "", serviceUserName: document.string("name"),
            servicePassword: Base64.encode(core.identifiers.bytes(33)), serviceSpecificCredentialId: id,
            userName: document.string("user") ?? "", status: Self.status(document))
    }

    private static func metadata(_ id: String, _ document: DocumentObject) -> IAM.ServiceSpecificCredentialMetadata {
        IAM.ServiceSpecificCredentialMetadata(
            userName: document.string("user") ?? "", status: status(document), serviceUserName: document.string("name"),
            createDate: document.instant("created"), expirationDate: expiration(document),
            serviceSpecificCredentialId: id, serviceName: document.string("service") ?? "")
    }

    private static func status(_ document: DocumentObject) -> String {
        document.bool("active") == false ? "Inactive" : "Active"
    }

    private static func expiration(_ document: DocumentObject) -> Instant? {
        document.integer("expires").map { Instant(microseconds: Int64($0)) }
    }
}
