import AWSModel
import Crypto
import Foundation
import SwiftASN1
import X509
import _CryptoExtras

/// The key this world's notifications are signed with, and its certificate for clients that verify.
struct SigningIdentity {
    private let key: _RSA.Signing.PrivateKey
    let certificatePEM: String
    let keyPEM: String

    init(keyPEM: String, certificatePEM: String) throws {
        key = try _RSA.Signing.PrivateKey(pemRepresentation: keyPEM)
        self.keyPEM = keyPEM
        self.certificatePEM = certificatePEM
    }

    /// A new one, valid for ten years around `now`.
    init(at now: Instant) throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        keyPEM = key.pemRepresentation
        let seconds = Double(now.microseconds) / 1_000_000
        let name = try DistinguishedName { CommonName("sns.amazonaws.com") }
        let year = 365.0 * 86_400
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: seconds - 5 * year),
            notValidAfter: Date(timeIntervalSince1970: seconds + 5 * year), issuer: name, subject: name,
            signatureAlgorithm: .sha256WithRSAEncryption, extensions: Certificate.Extensions(),
            issuerPrivateKey: .init(key))
        certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
    }

    /// AWS: version 1 is SHA1withRSA, version 2 SHA256withRSA, over names and values on lines of their own.
    func signature(of parts: [(String, String)], version: String) -> String? {
        let text = Data(parts.map { "\($0.0)\n\($0.1)\n" }.joined().utf8)
        let signature =
            version == "2"
            ? try? key.signature(for: SHA256.hash(data: text), padding: .insecurePKCS1v1_5)
            : try? key.signature(for: Insecure.SHA1.hash(data: text), padding: .insecurePKCS1v1_5)
        return signature.map { Base64.encode(Array($0.rawRepresentation)) }
    }
}

extension SNSService {
    /// Made with the first notification that is signed, and kept with the world.
    var signing: SigningIdentity? {
        if let identity { return identity }
        identity = try? SigningIdentity(at: core.now)
        if let identity {
            for (name, text) in [("key", identity.keyPEM), ("certificate", identity.certificatePEM)] {
                core.journal.record("INSERT OR REPLACE INTO sns_state VALUES (?, ?)", [.text(name), .text(text)])
            }
        }
        return identity
    }

    public static let certificatePath = "/SimpleNotificationService-skua.pem"
    var certificateURL: String { core.configuration.endpoint + Self.certificatePath }

    /// What is served at ``certificatePath``; nil before anything was signed.
    public var certificate: String? { identity?.certificatePEM }

    func restoreIdentity(from store: StoredRows) throws(StorageError) {
        var texts: [String: String] = [:]
        try store.forEach("SELECT name, value FROM sns_state") { row in texts[row.text(0)] = row.text(1) }
        guard let key = texts["key"], let certificate = texts["certificate"] else { return }
        identity = try? SigningIdentity(keyPEM: key, certificatePEM: certificate)
    }
}
