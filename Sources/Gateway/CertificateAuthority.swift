import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// Our own certificate authority for `--tls`, for clients that insist on https. It lives in one folder, is made once, and
/// signs a certificate for this machine's loopback names.
public struct CertificateAuthority: Sendable {
    public enum Failure: Error, CustomStringConvertible {
        case unusable(path: String, reason: String)

        public var description: String {
            switch self {
            case .unusable(let path, let reason):
                "The certificate authority in \(path) cannot be used (\(reason)). Remove that folder to have a new one made."
            }
        }
    }

    /// The certificate clients must trust (`AWS_CA_BUNDLE`, `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS`).
    public let authorityPath: String
    private let certificatePath: String
    private let keyPath: String

    private static let hostNames = ["localhost", "*.localhost", "*.lambda-url.us-east-1.localhost"]
    private static let validity: TimeInterval = 825 * 86_400

    /// Opens the authority in `folder`, making what is missing.
    public init(folder: String) throws {
        authorityPath = folder + "/ca.pem"
        certificatePath = folder + "/localhost.pem"
        keyPath = folder + "/localhost.key"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            if !FileManager.default.fileExists(atPath: keyPath) { try make() }
        } catch {
            throw Failure.unusable(path: folder, reason: String(describing: error))
        }
    }

    public func serverConfiguration() throws -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
            let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            // An idle client never says goodbye in turn, and the program's end would wait for it.
            configuration.shutdownTimeout = .milliseconds(100)
            return configuration
        } catch {
            throw Failure.unusable(path: certificatePath, reason: String(describing: error))
        }
    }

    private func make() throws {
        let now = Date()
        let authorityKey = P256.Signing.PrivateKey()
        let authorityName = try DistinguishedName {
            CommonName("Skua local authority")
            OrganizationName("Skua")
        }
        let authority = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(authorityKey.publicKey),
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(Self.validity * 4),
            issuer: authorityName, subject: authorityName, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            },
            issuerPrivateKey: .init(authorityKey))
        let serverKey = P256.Signing.PrivateKey()
        let loopback = [ASN1OctetString(contentBytes: [127, 0, 0, 1]), ASN1OctetString(contentBytes: Self.loopback6)]
        let server = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(serverKey.publicKey),
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(Self.validity),
            issuer: authorityName, subject: try DistinguishedName { CommonName("localhost") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(Self.hostNames.map { .dnsName($0) } + loopback.map { .ipAddress($0) })
            },
            issuerPrivateKey: .init(authorityKey))
        try write(authority.serializeAsPEM().pemString, to: authorityPath, mode: 0o644)
        try write(server.serializeAsPEM().pemString, to: certificatePath, mode: 0o644)
        // The authority's own key is forgotten: what it has signed is all it will ever sign.
        try write(serverKey.pemRepresentation, to: keyPath, mode: 0o600)
    }

    private static let loopback6 = ArraySlice<UInt8>([UInt8](repeating: 0, count: 15) + [1])

    private func write(_ text: String, to path: String, mode: Int) throws {
        try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
