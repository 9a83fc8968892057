import AWSProtocols
import FoundationEssentials

/// Where to call and as whom, found as AWS's own tools find it: the environment first, then the profile in
/// `~/.aws/credentials` and `~/.aws/config`.
public struct Profile: Sendable {
    public var credentials: Credentials?
    public var region: String?
    /// For every service, or by service id (`sqs`) from `AWS_ENDPOINT_URL_SQS`.
    public var endpointURL: String?
    public var serviceEndpointURLs: [String: String]
    public var caBundle: String?

    /// - Parameter name: nil for `AWS_PROFILE`, or else `default`. A named profile counts before keys in the
    ///   environment, as in the AWS CLI.
    public init(name: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home = environment["HOME"] ?? ""
        let section = name ?? environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"] ?? "default"
        let secrets = Self.section(
            section, path: environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/.aws/credentials")
        let configPath = environment["AWS_CONFIG_FILE"] ?? "\(home)/.aws/config"
        let config = Self.section(section == "default" ? "default" : "profile \(section)", path: configPath)
        let fromFiles = secrets.merging(config) { secret, _ in secret }
        let fromEnvironment = Self.credentials { environment[$0.uppercased()] }
        let stored = Self.credentials { fromFiles[$0] }
        credentials = name == nil ? fromEnvironment ?? stored : stored ?? fromEnvironment
        region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? fromFiles["region"]
        caBundle = environment["AWS_CA_BUNDLE"] ?? fromFiles["ca_bundle"]
        endpointURL = environment["AWS_ENDPOINT_URL"] ?? fromFiles["endpoint_url"]
        serviceEndpointURLs = [:]
        for (key, value) in environment where key.hasPrefix("AWS_ENDPOINT_URL_") {
            serviceEndpointURLs[key.dropFirst("AWS_ENDPOINT_URL_".count).lowercased()] = value
        }
    }

    private static func credentials(_ value: (String) -> String?) -> Credentials? {
        guard let key = value("aws_access_key_id"), let secret = value("aws_secret_access_key") else { return nil }
        return Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: value("aws_session_token"))
    }

    /// The settings below `[name]`; nested ones (indented lines) are left out.
    private static func section(_ name: String, path: String) -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [:] }
        var settings: [String: String] = [:]
        var isInside = false
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let text = trimmed(line)
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { continue }
            if text.hasPrefix("["), text.hasSuffix("]") {
                isInside = trimmed(text.dropFirst().dropLast()) == name
            } else if isInside, line.first?.isWhitespace == false, let equals = text.firstIndex(of: "=") {
                settings[trimmed(text[..<equals]).lowercased()] = trimmed(text[text.index(after: equals)...])
            }
        }
        return settings
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }
}

/// Scheme, host, port and path of an endpoint.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public var isSecure: Bool
    public var host: String
    public var port: Int
    /// Without a slash at its end; mostly empty.
    public var path: String

    public init(isSecure: Bool, host: String, port: Int? = nil, path: String = "") {
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        self.path = path
    }

    /// From `http://127.0.0.1:4566`; nil where the text is no such URL.
    public init?(_ url: String) {
        let isSecure: Bool
        var rest: Substring
        if url.hasPrefix("https://") {
            isSecure = true
            rest = url.dropFirst(8)
        } else if url.hasPrefix("http://") {
            isSecure = false
            rest = url.dropFirst(7)
        } else {
            return nil
        }
        var path = ""
        if let slash = rest.firstIndex(of: "/") {
            path = String(rest[slash...])
            rest = rest[..<slash]
        }
        while path.hasSuffix("/") { path.removeLast() }
        var port: Int?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            rest = rest[..<colon]
        }
        if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty else { return nil }
        self.init(isSecure: isSecure, host: String(rest), port: port, path: path)
    }

    /// What the `Host` header says: the port only where it isn't the scheme's own.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    public var description: String { "\(isSecure ? "https" : "http")://\(authority)\(path)" }

    var isAddress: Bool {
        host.contains(":") || host.allSatisfy { $0 == "." || ("0"..."9").contains($0) }
    }
}
