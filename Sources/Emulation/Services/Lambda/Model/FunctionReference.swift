import AWSModel

/// A function as a caller may name it: by name, partial ARN or ARN, each with or without a version or alias.
struct FunctionReference: Sendable, Hashable {
    var scope: Scope
    var name: String
    /// A version number, `$LATEST` or an alias; nil where none was named.
    var qualifier: String?

    /// - Parameter qualifier: the request's own `Qualifier`, which must agree with one in the name.
    init(_ text: String, qualifier: String? = nil, from caller: Scope) throws(ServiceError) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var scope = caller
        if parts.count >= 7, parts[0] == "arn", parts[2] == "lambda", parts[5] == "function" {
            guard parts[3] == caller.region else {
                throw .lambdaNotFound(
                    "Functions from '\(parts[3])' are not reachable in this region ('\(caller.region)')")
            }
            scope.accountID = parts[4]
            parts.removeFirst(6)
        } else if parts.count >= 3, parts[1] == "function" {
            scope.accountID = parts[0]
            parts.removeFirst(2)
        } else if parts.count >= 2, parts[0] == "function" {
            parts.removeFirst()
        } else if parts.count >= 2, Self.isAccount(parts[0]) {
            scope.accountID = parts.removeFirst()
        }
        if let name = parts.first, name.utf8.count > 64, parts.count <= 2 {
            throw .lambdaConstraint(name, at: "functionName", "have length less than or equal to 64")
        }
        guard let name = parts.first, (1...2).contains(parts.count), !name.isEmpty else {
            throw .lambdaConstraint(
                text, at: "functionName",
                #"satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"#
            )
        }
        let derived = parts.count == 2 ? parts[1] : nil
        if let derived, let qualifier, derived != qualifier {
            throw .lambdaInvalid(
                "The derived qualifier from the function name does not match the specified qualifier.")
        }
        self.scope = scope
        self.name = name
        self.qualifier = qualifier ?? derived
    }

    init(scope: Scope, name: String, qualifier: String? = nil) {
        self.scope = scope
        self.name = name
        self.qualifier = qualifier
    }

    /// Without version or alias.
    var functionArn: String { scope.arn("lambda", "function:\(name)") }
    /// As it was named.
    var arn: String { qualifier.map { "\(functionArn):\($0)" } ?? functionArn }

    /// AWS: `123456789012:worker` is a partial ARN, whatever it may look like.
    private static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    static let latest = "$LATEST"

    /// A published version's number.
    static func versionNumber(_ qualifier: String) -> Int? {
        qualifier.utf8.allSatisfy { (48...57).contains($0) } ? Int(qualifier) : nil
    }

    static func isAlias(_ qualifier: String) -> Bool { qualifier != latest && versionNumber(qualifier) == nil }
}
