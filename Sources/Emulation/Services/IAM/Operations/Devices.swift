import AWSModel
import AWSTypes

// MFA devices: virtual ones, and those that have a serial number.

extension IAMService {
    private static let devicesLimit = 8

    func registerDevices(_ table: inout OperationTable) {
        table.on(IAM.createVirtualMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            try Self.checkDevicePath(input.path ?? "/")
            let serial =
                "arn:\(call.scope.partition):iam::\(account):mfa\(input.path ?? "/")\(input.virtualMFADeviceName)"
            guard record(.device, serial, of: account) == nil else {
                throw .entityAlreadyExists("MFA device already exists.")
            }
            let device: DocumentObject = [
                "serial": .string(serial),
                "tags": .entries(try IAMText.merged([:], input.tags ?? []), DocumentValue.string),
            ]
            put(.device, serial, device, in: account)
            return IAM.CreateVirtualMFADeviceResponse([
                "VirtualMFADevice": [
                    "SerialNumber": .string(serial), "Base32StringSeed": .bytes(Self.seed(core.identifiers.bytes(64))),
                    "QRCodePNG": .bytes(core.identifiers.bytes(64)),
                ]
            ])
        }
        table.on(IAM.deleteVirtualMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            guard let device = record(.device, input.serialNumber, of: call.scope.accountID) else {
                throw Self.noDevice(input.serialNumber)
            }
            guard device.string("user") == nil else {
                throw .deleteConflict("Cannot delete entity, must remove MFA device from user first.")
            }
            drop(.device, input.serialNumber, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.enableMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(input.userName, call)
            let known = record(.device, input.serialNumber, of: user.accountID)
            if known == nil, input.serialNumber.hasPrefix("arn:") { throw Self.noDevice(input.serialNumber) }
            guard known?.string("user") == nil else {
                throw .entityAlreadyExists("MFADevice entity at the same path and name already exists.")
            }
            guard devices(of: user).count < Self.devicesLimit else {
                throw .iamLimitExceeded("Cannot exceed quota for MFADevicesPerUser: \(Self.devicesLimit)")
            }
            var device = known ?? ["serial": .string(input.serialNumber)]
            device["user"] = .string(user.name)
            device["enabled"] = .integer(call.time.microseconds)
            put(.device, input.serialNumber, device, in: user.accountID)
            return Unit()
        }
        table.on(IAM.deactivateMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            guard var device = record(.device, input.serialNumber, of: user.accountID) else {
                throw Self.noDevice(input.serialNumber)
            }
            guard device.string("user") == user.name else { throw .noSuchEntity("MFA Device invalid for user.") }
            device["user"] = nil
            // A hardware device is only known as long as somebody uses it.
            if input.serialNumber.hasPrefix("arn:") {
                put(.device, input.serialNumber, device, in: user.accountID)
            } else {
                drop(.device, input.serialNumber, in: user.accountID)
            }
            return Unit()
        }
        table.on(IAM.resyncMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(input.userName, call)
            guard record(.device, input.serialNumber, of: user.accountID)?.string("user") == user.name else {
                throw .noSuchEntity("MFA Device invalid for user.")
            }
            return Unit()
        }
        table.on(IAM.getMFADevice) { [unowned self] (input, call) throws(ServiceError) in
            guard let device = record(.device, input.serialNumber, of: call.scope.accountID),
                input.userName == nil || device.string("user") == input.userName
            else { throw Self.noDevice(input.serialNumber) }
            return IAM.GetMFADeviceResponse(
                userName: device.string("user"), serialNumber: input.serialNumber,
                enableDate: device.string("user") == nil ? nil : device.instant("enabled"))
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
                guard device.name.hasPrefix("arn:") else { return false }
                return switch input.assignmentStatus {
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

    static func noDevice(_ serial: String) -> ServiceError {
        .noSuchEntity("MFA Device with serial number \(serial) does not exist.")
    }

    private static func checkDevicePath(_ path: String) throws(ServiceError) {
        let isPath =
            path.hasPrefix("/") && path.hasSuffix("/")
            && path.utf8.allSatisfy {
                $0 == UInt8(ascii: "/") || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
            }
        guard isPath else {
            throw ServiceError(
                "ValidationError",
                """
                The specified value for path is invalid. It must begin and end with / and contain only alphanumeric \
                characters and/or / characters.
                """)
        }
    }

    /// AWS: the seed is given as base32 text.
    private static func seed(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        return bytes.map { alphabet[Int($0 & 31)] }
    }
}
