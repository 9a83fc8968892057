import AWSModel
import AWSTypes

// The identity providers: OpenID Connect and SAML.

extension IAMService {
    func registerProviders(_ table: inout OperationTable) {
        table.on(IAM.createOpenIDConnectProvider) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let address = input.url.replacing("https://", with: "", maxReplacements: 1)
            let host = String(address.prefix { $0 != "?" })
            let arn = "arn:\(call.scope.partition):iam::\(account):oidc-provider/\(host)"
            guard input.url.hasPrefix("https://") else {
                throw ServiceError("ValidationError", "Invalid Open ID Connect Provider URL")
            }
            try Self.check(clients: input.clientIDList ?? [], thumbprints: input.thumbprintList ?? [])
            guard record(.openIDProvider, arn, of: account) == nil else {
                throw .entityAlreadyExists("Provider with url \(input.url) already exists.")
            }
            put(
                .openIDProvider, arn,
                [
                    "url": .string(host), "clients": .list((input.clientIDList ?? []).map { .string($0) }),
                    "thumbprints": .list((input.thumbprintList ?? []).map { .string($0) }),
                    "created": .integer(call.time.microseconds),
                    "tags": .entries(try IAMText.merged([:], input.tags ?? []), DocumentValue.string),
                ], in: account)
            return IAM.CreateOpenIDConnectProviderResponse(openIDConnectProviderArn: arn)
        }
        table.on(IAM.getOpenIDConnectProvider) { [unowned self] (input, call) throws(ServiceError) in
            let provider = try provider(.openIDProvider, input.openIDConnectProviderArn, call)
            return IAM.GetOpenIDConnectProviderResponse(
                url: provider.string("url"), clientIDList: provider.strings("clients"),
                thumbprintList: provider.strings("thumbprints"), createDate: provider.instant("created"),
                tags: IAMText.tags(provider.stringMap("tags") ?? [:]))
        }
        table.on(IAM.addClientIDToOpenIDConnectProvider) { [unowned self] (input, call) throws(ServiceError) in
            try change(input.openIDConnectProviderArn, call) { provider throws(ServiceError) in
                var clients = provider.strings("clients") ?? []
                // AWS: adding one that is there succeeds.
                if !clients.contains(input.clientID) { clients.append(input.clientID) }
                try Self.check(clients: clients, thumbprints: [])
                provider["clients"] = .list(clients.map { .string($0) })
            }
            return Unit()
        }
        table.on(IAM.removeClientIDFromOpenIDConnectProvider) { [unowned self] (input, call) throws(ServiceError) in
            try change(input.openIDConnectProviderArn, call) { provider in
                let clients = (provider.strings("clients") ?? []).filter { $0 != input.clientID }
                provider["clients"] = .list(clients.map { .string($0) })
            }
            return Unit()
        }
        table.on(IAM.updateOpenIDConnectProviderThumbprint) { [unowned self] (input, call) throws(ServiceError) in
            try change(input.openIDConnectProviderArn, call) { provider throws(ServiceError) in
                try Self.check(clients: [], thumbprints: input.thumbprintList)
                provider["thumbprints"] = .list(input.thumbprintList.map { .string($0) })
            }
            return Unit()
        }
        table.on(IAM.deleteOpenIDConnectProvider) { [unowned self] (input, call) in
            // AWS: deleting one that is not there succeeds.
            drop(.openIDProvider, input.openIDConnectProviderArn, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.listOpenIDConnectProviders) { [unowned self] (_, call) in
            IAM.ListOpenIDConnectProvidersResponse(
                openIDConnectProviderList: records(.openIDProvider, of: call.scope.accountID).map {
                    IAM.OpenIDConnectProviderListEntry(arn: $0.name)
                })
        }
        registerSAMLProviders(&table)
    }

    private static func check(clients: [String], thumbprints: [String]) throws(ServiceError) {
        guard thumbprints.count <= 5 else {
            throw ServiceError("InvalidInputException", "Thumbprint list must contain fewer than 5 entries.")
        }
        guard clients.count <= 100 else {
            throw .iamLimitExceeded("Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
        }
    }

    private func change(
        _ arn: String, _ call: Call, _ body: (inout DocumentObject) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        var provider = try provider(.openIDProvider, arn, call)
        try body(&provider)
        put(.openIDProvider, arn, provider, in: call.scope.accountID)
    }

    private func registerSAMLProviders(_ table: inout OperationTable) {
        table.on(IAM.createSAMLProvider) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let arn = "arn:\(call.scope.partition):iam::\(account):saml-provider/\(input.name)"
            guard record(.samlProvider, arn, of: account) == nil else {
                throw .entityAlreadyExists("Provider with name \(input.name) already exists.")
            }
            var metadata: DocumentObject = [
                "document": .string(input.samlMetadataDocument),
                "uuid": .string(core.identifiers.upperAlphanumeric(22)), "created": .integer(call.time.microseconds),
                "tags": .entries(try IAMText.merged([:], input.tags ?? []), DocumentValue.string),
            ]
            metadata.putString("encryption", input.assertionEncryptionMode)
            if input.addPrivateKey != nil { addKey(to: &metadata, call) }
            put(.samlProvider, arn, metadata, in: account)
            return IAM.CreateSAMLProviderResponse(samlProviderArn: arn, tags: input.tags)
        }
        table.on(IAM.updateSAMLProvider) { [unowned self] (input, call) throws(ServiceError) in
            var provider = try provider(.samlProvider, input.samlProviderArn, call)
            if let document = input.samlMetadataDocument { provider["document"] = .string(document) }
            if let mode = input.assertionEncryptionMode { provider["encryption"] = .string(mode) }
            if input.addPrivateKey != nil { addKey(to: &provider, call) }
            if let id = input.removePrivateKey {
                let keys = provider.list("keys") ?? []
                provider["keys"] = .list(keys.filter { $0.object?.string("id") != id })
            }
            put(.samlProvider, input.samlProviderArn, provider, in: call.scope.accountID)
            return IAM.UpdateSAMLProviderResponse(samlProviderArn: input.samlProviderArn)
        }
        table.on(IAM.getSAMLProvider) { [unowned self] (input, call) throws(ServiceError) in
            let provider = try provider(.samlProvider, input.samlProviderArn, call)
            let keys = (provider.list("keys") ?? []).compactMap(\.object).map { key -> DocumentValue in
                ["KeyId": .string(key.string("id") ?? ""), "Timestamp": .timestamp(key.instant("created"))]
            }
            return IAM.GetSAMLProviderResponse([
                "SAMLProviderUUID": .string(provider.string("uuid") ?? ""),
                // AWS: assertions may be encrypted unless the provider was told otherwise.
                "AssertionEncryptionMode": .string(provider.string("encryption") ?? "Allowed"),
                "PrivateKeyList": .list(keys), "SAMLMetadataDocument": .string(provider.string("document") ?? ""),
                "CreateDate": .timestamp(provider.instant("created")),
                "Tags": .list(IAMText.tags(provider.stringMap("tags") ?? [:]).map { .object($0.document) }),
                "ValidUntil": .timestamp(provider.instant("created") + .seconds(100 * 365 * 86_400)),
            ])
        }
        table.on(IAM.deleteSAMLProvider) { [unowned self] (input, call) throws(ServiceError) in
            _ = try provider(.samlProvider, input.samlProviderArn, call)
            drop(.samlProvider, input.samlProviderArn, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.listSAMLProviders) { [unowned self] (_, call) in
            let entries = records(.samlProvider, of: call.scope.accountID).map { provider -> DocumentValue in
                [
                    "Arn": .string(provider.name), "CreateDate": .timestamp(provider.document.instant("created")),
                    "ValidUntil": .timestamp(provider.document.instant("created") + .seconds(100 * 365 * 86_400)),
                ]
            }
            return IAM.ListSAMLProvidersResponse(["SAMLProviderList": .list(entries)])
        }
    }

    /// AWS: a private key is kept but never shown again, only its id.
    private func addKey(to provider: inout DocumentObject, _ call: Call) {
        let key: DocumentValue = [
            "id": .string(core.identifiers.upperAlphanumeric(22)), "created": .integer(call.time.microseconds),
        ]
        provider["keys"] = .list((provider.list("keys") ?? []) + [key])
    }

    private func provider(_ kind: RecordKind, _ arn: String, _ call: Call) throws(ServiceError) -> DocumentObject {
        guard let provider = record(kind, arn, of: call.scope.accountID) else {
            throw .noSuchEntity(
                kind == .samlProvider
                    ? "Manifest not found for arn \(arn)" : "OpenIDConnect Provider not found for arn \(arn)")
        }
        core.attribute(call, to: arn)
        return provider
    }
}
