import AWSModel
import AWSTypes

/// Environments that are kept ready for a version or an alias.
final class ProvisionedConcurrency {
    enum Status: String { case inProgress = "IN_PROGRESS", ready = "READY", failed = "FAILED" }

    /// A version's number, or an alias.
    let qualifier: String
    var requested: Int
    var status = Status.inProgress
    var statusReason: String?
    var lastModified: Instant

    // Live state, gone with the process.
    /// Environments that were ordered, by their version.
    var ordered: [String: String] = [:]
    /// Those of them that are initialized.
    var ready: Set<String> = []
    /// Invocations that take one up just now.
    var running = 0
    /// Environments that failed to start in a row.
    var failures = 0

    init(qualifier: String, requested: Int, lastModified: Instant) {
        self.qualifier = qualifier
        self.requested = requested
        self.lastModified = lastModified
    }

    init(qualifier: String, _ document: DocumentObject) {
        self.qualifier = qualifier
        requested = document.integer("Requested") ?? 0
        status = document.string("Status").flatMap(Status.init) ?? .inProgress
        statusReason = document.string("Reason")
        lastModified = Instant(microseconds: document["LastModified"]?.integer ?? 0)
    }

    var document: DocumentObject {
        var document: DocumentObject = [
            "Requested": .integer(Int64(requested)), "Status": .string(status.rawValue),
            "LastModified": .integer(lastModified.microseconds),
        ]
        document.putString("Reason", statusReason)
        return document
    }

    /// AWS: what is allocated is available once it is initialized.
    var available: Int { ready.count }
    /// Whether an invocation finds one that is ready.
    var hasRoom: Bool { running < ready.count }
}

extension ServiceError {
    static func lambdaCodeSigningMissing(_ arn: String) -> ServiceError {
        lambda(
            "CodeSigningConfigNotFoundException",
            "The code signing configuration cannot be found. Check that the provided configuration is not deleted: \(arn).",
            status: 404)
    }
}
