import AWSModel
import AWSTypes

// Virtual MFA devices and the identity providers (OpenID Connect, SAML).

extension IAMService {
    func registerDevices(_ table: inout OperationTable) {
        table.on(IAM.createVirtualMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let serial =
                "arn:\(call.scope.partition):iam::\(account):mfa\(input.path ?? "/")\(input.virtualMFADeviceName)"
            guard record(.device, serial, of: account) == nil else {
                throw .entityAlreadyExists(
                    "MFADevice entity at the same path and name already exists.")
            }
            put(.device, serial, ["serial": .string(serial)], in: account)
            return IAM.CreateVirtualMFADeviceResponse([
                "VirtualMFADevice": [
                    "SerialNumber": .string(serial), "Base32StringSeed": .bytes(core.identifiers.bytes(40)),
                    "QRCodePNG": .bytes(core.identifiers.bytes(64)),
                ]
            ])
        }
        table.on(IAM.deleteVirtualMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            guard let device = record(.device, input.serialNumber, of: call.scope.accountID) else {
                throw .noSuchEntity("VirtualMFADevice with serial number \(input.serialNumber) doesn't exist.")
            }
            guard device.string("user") == nil else {
                throw .deleteConflict("Cannot delete entity, must remove MFA device from user first.")
            }
            drop(.device, input.serialNumber, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.enableMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(input.userName, call)
            var device =
                record(.device, input.serialNumber, of: user.accountID) ?? [
                    "serial": .string(input.serialNumber)
                ]
            device["user"] = .string(user.name)
            device["enabled"] = .integer(call.time.microseconds)
            put(.device, input.serialNumber, device, in: user.accountID)
            return Unit()
        }
        table.on(IAM.deactivateMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            guard var device = record(.device, input.serialNumber, of: user.accountID),
                device.string("user") == user.name
            else { throw .noSuchEntity("Device not found") }
            device["user"] = nil
            put(.device, input.serialNumber, device, in: user.accountID)
            return Unit()
        }
        table.on(IAM.listMFADevices) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            let page = try IAMPage(devices(of: user), marker: input.marker, maxItems: input.maxItems) { $0.name }
            return IAM.ListMFADevicesResponse(
                mfaDevices: page.items.map {
                    IAM.MFADevice(
                        userName: user.name, serialNumber: $0.name, enableDate: $0.document.instant("enabled"))
                }, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.listVirtualMFADevices) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let found = records(.device, of: account).filter { device in
                switch input.assignmentStatus {
                case "Assigned": device.document.string("user") != nil
                case "Unassigned": device.document.string("user") == nil
                default: true
                }
            }
            let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.name }
            let devices = page.items.map { device -> DocumentValue in
                var object: DocumentObject = ["SerialNumber": .string(device.name)]
                if let name = device.document.string("user"), let user = userAccounts[account]?[name] {
                    object["User"] = .object(Self.described(user).document)
                    object["EnableDate"] = .timestamp(device.document.instant("enabled"))
                }
                return .object(object)
            }
            var output: DocumentObject = [
                "VirtualMFADevices": .list(devices), "IsTruncated": .bool(page.isTruncated),
            ]
            output.putString("Marker", page.marker)
            return IAM.ListVirtualMFADevicesResponse(output)
        }
    }

    func registerProviders(_ table: inout OperationTable) {
        table.on(IAM.createOpenIDConnectProvider) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let host = input.url.replacing("https://", with: "", maxReplacements: 1)
            let arn = "arn:\(call.scope.partition):iam::\(account):oidc-provider/\(host)"
            guard input.url.hasPrefix("https://") else {
                throw ServiceError("ValidationError", "Invalid Open ID Connect Provider URL")
            }
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
        table.on(IAM.createSAMLProvider) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let arn = "arn:\(call.scope.partition):iam::\(account):saml-provider/\(input.name)"
            guard record(.samlProvider, arn, of: account) == nil else {
                throw .entityAlreadyExists("Provider with name \(input.name) already exists.")
            }
            let metadata: DocumentObject = [
                "document": .string(input.samlMetadataDocument), "created": .integer(call.time.microseconds),
            ]
            put(.samlProvider, arn, metadata, in: account)
            return IAM.CreateSAMLProviderResponse(samlProviderArn: arn)
        }
        table.on(IAM.getSAMLProvider) { [unowned self] (input, call) throws(ServiceError) in
            let provider = try provider(.samlProvider, input.samlProviderArn, call)
            return IAM.GetSAMLProviderResponse([
                "SAMLMetadataDocument": .string(provider.string("document") ?? ""),
                "CreateDate": .timestamp(provider.instant("created")),
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

    private func provider(_ kind: RecordKind, _ arn: String, _ call: Call) throws(ServiceError) -> DocumentObject {
        guard let provider = record(kind, arn, of: call.scope.accountID) else {
            throw .noSuchEntity(
                kind == .samlProvider
                    ? "SAML provider \(arn) cannot be found." : "OpenIDConnect Provider not found for arn \(arn)")
        }
        core.attribute(call, to: arn)
        return provider
    }
}
