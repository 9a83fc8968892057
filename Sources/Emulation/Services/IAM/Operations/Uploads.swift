import AWSModel
import AWSTypes
import Crypto

// What users upload: SSH public keys and signing certificates.

extension IAMService {
    private static let sshKeysLimit = 5
    private static let certificatesLimit = 2

    func registerUploads(_ table: inout OperationTable) {
        registerSSHKeys(&table)
        registerSigningCertificates(&table)
        table.on(IAM.changePassword) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(named: nil, call)
            guard let login = user.login else {
                throw .noSuchEntity("Login Profile for User \(user.name) cannot be found.")
            }
            guard login.password == input.oldPassword else {
                throw ServiceError("AccessDenied", "The old password was incorrect.", status: 403)
            }
            try checkPassword(input.newPassword, call)
            user.login?.password = input.newPassword
            user.login?.mustReset = false
            store(user)
            return Unit()
        }
    }

    // MARK: SSH keys

    private func registerSSHKeys(_ table: inout OperationTable) {
        table.on(IAM.uploadSSHPublicKey) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(input.userName, call)
            let body = input.sshPublicKeyBody
            guard let material = Self.keyMaterial(body) else {
                throw ServiceError(
                    "InvalidPublicKeyException", "The public key is invalid: it is not in SSH or PEM form.")
            }
            guard !user.sshKeys.contains(where: { Self.keyMaterial($0.body) == material }) else {
                throw ServiceError(
                    "DuplicateSSHPublicKeyException", "The SSH public key is already associated with user.")
            }
            guard user.sshKeys.count < Self.sshKeysLimit else {
                throw .iamLimitExceeded("Cannot exceed quota for SSHPublicKeysPerUser: \(Self.sshKeysLimit)")
            }
            let digest = Insecure.MD5.hash(data: material).map { Self.hexadecimal($0) }
            let key = IAMUser.Upload(
                id: "APKA" + core.identifiers.upperAlphanumeric(16), body: body,
                fingerprint: digest.joined(separator: ":"), isActive: true, uploadDate: call.time)
            user.sshKeys.append(key)
            store(user)
            return IAM.UploadSSHPublicKeyResponse(sshPublicKey: Self.described(key, of: user))
        }
        table.on(IAM.getSSHPublicKey) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(input.userName, call)
            let key = user.sshKeys[try Self.index(ofKey: input.sshPublicKeyId, in: user)]
            return IAM.GetSSHPublicKeyResponse(sshPublicKey: Self.described(key, of: user))
        }
        table.on(IAM.listSSHPublicKeys) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            let page = try IAMPage(user.sshKeys, marker: input.marker, maxItems: input.maxItems) { $0.id }
            return IAM.ListSSHPublicKeysResponse(
                sshPublicKeys: page.items.map {
                    IAM.SSHPublicKeyMetadata(
                        userName: user.name, sshPublicKeyId: $0.id, status: $0.status, uploadDate: $0.uploadDate)
                }, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.updateSSHPublicKey) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(input.userName, call)
            user.sshKeys[try Self.index(ofKey: input.sshPublicKeyId, in: user)].isActive = input.status == "Active"
            store(user)
            return Unit()
        }
        table.on(IAM.deleteSSHPublicKey) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(input.userName, call)
            user.sshKeys.remove(at: try Self.index(ofKey: input.sshPublicKeyId, in: user))
            store(user)
            return Unit()
        }
    }

    private static func index(ofKey id: String, in user: IAMUser) throws(ServiceError) -> Int {
        guard let index = user.sshKeys.firstIndex(where: { $0.id == id }) else {
            throw .noSuchEntity("The Public Key with id \(id) cannot be found.")
        }
        return index
    }

    /// The bytes of a key: what stands after `ssh-rsa`, or between the lines of a PEM block.
    private static func keyMaterial(_ body: String) -> [UInt8]? {
        let text = trimmed(body)
        if text.hasPrefix("-----BEGIN") { return pemBytes(text) }
        let words = text.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("ssh-") || words[0].hasPrefix("ecdsa-") else { return nil }
        return Base64.decode(String(words[1]))
    }

    private static func trimmed(_ text: String) -> String {
        let rest = text.drop(while: \.isWhitespace)
        return String(
            rest.prefix(
                (rest.lastIndex { !$0.isWhitespace }).map { rest.distance(from: rest.startIndex, to: $0) + 1 } ?? 0))
    }

    private static func pemBytes(_ text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first, let last = lines.last, lines.count > 2, first.hasPrefix("-----BEGIN"),
            last.hasPrefix("-----END")
        else { return nil }
        let bytes = Base64.decode(lines.dropFirst().dropLast().joined())
        return bytes?.isEmpty == false ? bytes : nil
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }

    private static func described(_ key: IAMUser.Upload, of user: IAMUser) -> IAM.SSHPublicKey {
        IAM.SSHPublicKey(
            userName: user.name, sshPublicKeyId: key.id, fingerprint: key.fingerprint, sshPublicKeyBody: key.body,
            status: key.status, uploadDate: key.uploadDate)
    }

    // MARK: Signing certificates

    private func registerSigningCertificates(_ table: inout OperationTable) {
        table.on(IAM.uploadSigningCertificate) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(named: input.userName, call)
            guard input.certificateBody.contains("CERTIFICATE"),
                Self.pemBytes(Self.trimmed(input.certificateBody)) != nil
            else {
                throw ServiceError(
                    "MalformedCertificateException", "Certificate \(input.certificateBody) is malformed.")
            }
            guard !user.certificates.contains(where: { $0.body == input.certificateBody }) else {
                throw ServiceError(
                    "DuplicateCertificateException", "The certificate is already associated with user.", status: 409)
            }
            guard user.certificates.count < Self.certificatesLimit else {
                throw .iamLimitExceeded("Cannot exceed quota for CertificatesPerUser: \(Self.certificatesLimit)")
            }
            let certificate = IAMUser.Upload(
                id: core.identifiers.upperAlphanumeric(32), body: input.certificateBody, fingerprint: "",
                isActive: true,
                uploadDate: call.time)
            user.certificates.append(certificate)
            store(user)
            return IAM.UploadSigningCertificateResponse(certificate: Self.described(certificate, of: user))
        }
        table.on(IAM.listSigningCertificates) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(named: input.userName, call)
            let page = try IAMPage(user.certificates, marker: input.marker, maxItems: input.maxItems) { $0.id }
            return IAM.ListSigningCertificatesResponse(
                certificates: page.items.map { Self.described($0, of: user) }, isTruncated: page.isTruncated,
                marker: page.marker)
        }
        table.on(IAM.updateSigningCertificate) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(named: input.userName, call)
            let index = try Self.index(ofCertificate: input.certificateId, in: user)
            user.certificates[index].isActive = input.status == "Active"
            store(user)
            return Unit()
        }
        table.on(IAM.deleteSigningCertificate) { [unowned self] (input, call) throws(ServiceError) in
            var user = try user(named: input.userName, call)
            user.certificates.remove(at: try Self.index(ofCertificate: input.certificateId, in: user))
            store(user)
            return Unit()
        }
    }

    private static func index(ofCertificate id: String, in user: IAMUser) throws(ServiceError) -> Int {
        guard let index = user.certificates.firstIndex(where: { $0.id == id }) else {
            throw .noSuchEntity("The Certificate with id \(id) cannot be found.")
        }
        return index
    }

    private static func described(_ certificate: IAMUser.Upload, of user: IAMUser) -> IAM.SigningCertificate {
        IAM.SigningCertificate(
            userName: user.name, certificateId: certificate.id, certificateBody: certificate.body,
            status: certificate.status, uploadDate: certificate.uploadDate)
    }
}

extension IAMUser.Upload {
    var status: String { isActive ? "Active" : "Inactive" }
}
