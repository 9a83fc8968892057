import AWSModel

/// A grok pattern: `%{IPORHOST:client} %{NUMBER:bytes:integer} %{GREEDYDATA:rest}`.
struct GrokPattern {
    private struct Field {
        var path: String
        /// `integer`, `double`, `boolean` or `string`.
        var type: String
    }

    private let regex: Regex<AnyRegexOutput>
    private let fields: [Field]

    init(_ text: String) throws(ServiceError) {
        var fields: [Field] = []
        let source = try Self.expanded(text, depth: 0, fields: &fields)
        guard let regex = try? Regex(source) else {
            throw .invalidParameter("The grok pattern is not valid: \(text)")
        }
        self.regex = regex.wordBoundaryKind(.simple)
        self.fields = fields
    }

    /// Nil where the text does not match.
    func values(in text: String) -> [(path: String, value: DocumentValue)]? {
        guard let match = try? regex.firstMatch(in: text) else { return nil }
        return fields.enumerated().compactMap { index, field in
            match.output["field\(index)"]?.substring.map { (field.path, Self.value(String($0), field.type)) }
        }
    }

    private static func value(_ text: String, _ type: String) -> DocumentValue {
        switch type {
        case "int", "integer", "long": Int64(text).map { .integer($0) } ?? .string(text)
        case "double", "float": Double(text).map { .number($0) } ?? .string(text)
        case "boolean": text == "true" ? .bool(true) : text == "false" ? .bool(false) : .string(text)
        default: .string(text)
        }
    }

    /// The regular expression of a pattern; a part with a name becomes a group.
    private static func expanded(_ text: String, depth: Int, fields: inout [Field]) throws(ServiceError) -> String {
        guard depth < 8 else { throw .invalidParameter("The grok pattern refers to itself.") }
        var source = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "%{") {
            source += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw .invalidParameter("The grok pattern is not closed: \(text)")
            }
            let parts = rest[start.upperBound..<end].split(separator: ":").map(String.init)
            guard let name = parts.first, let known = library[name] else {
                throw .invalidParameter("Unknown grok pattern: \(rest[start.lowerBound...end])")
            }
            if parts.count > 1 {
                let index = fields.count
                fields.append(Field(path: parts[1], type: parts.count > 2 ? parts[2].lowercased() : "string"))
                source += "(?<field\(index)>\(try expanded(known, depth: depth + 1, fields: &fields)))"
            } else {
                source += "(?:\(try expanded(known, depth: depth + 1, fields: &fields)))"
            }
            rest = rest[rest.index(after: end)...]
        }
        return source + rest
    }

    /// The patterns that AWS names as supported, as far as they are general.
    private static let library: [String: String] = [
        "USERNAME": "[a-zA-Z0-9._-]+", "USER": "%{USERNAME}", "INT": "[+-]?[0-9]+",
        "BASE10NUM": #"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"#, "NUMBER": "%{BASE10NUM}",
        "BASE16NUM": "[+-]?(?:0x)?[0-9A-Fa-f]+", "POSINT": #"\b[1-9][0-9]*\b"#, "NONNEGINT": #"\b[0-9]+\b"#,
        "BOOLEAN": "(?i:true|false)", "WORD": #"\b\w+\b"#, "NOTSPACE": #"\S+"#, "SPACE": #"\s*"#, "DATA": ".*?",
        "GREEDYDATA": ".*", "GREEDYDATA_MULTILINE": #"(?s:.*)"#,
        "QUOTEDSTRING": #""(?:\\.|[^\\"])*"|'(?:\\.|[^\\'])*'"#,
        "UUID": "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
        "URN": "urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:[^ ]+",
        "ARN": "arn:[^:]*:[^:]*:[^:]*:[^:]*:[^ ]+",
        "MAC": "(?:[A-Fa-f0-9]{2}[:-]){5}[A-Fa-f0-9]{2}",
        "IPV4": "(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])",
        "IPV6": "[0-9A-Fa-f]*(?::[0-9A-Fa-f]*){2,7}", "IP": "%{IPV4}|%{IPV6}",
        "HOSTNAME": #"\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\b"#,
        "HOST": "%{HOSTNAME}", "IPORHOST": "%{IP}|%{HOSTNAME}", "HOSTPORT": "(?:%{IPORHOST}):%{POSINT}",
        "PATH": "%{UNIXPATH}|%{WINPATH}", "UNIXPATH": #"(?:/[\w.%!$@:,+~-]*)+"#,
        "WINPATH": #"(?:[A-Za-z]:|\\)(?:\\[^\\?*]*)+"#, "TTY": "/dev/(?:pts|tty(?:[pq])?)(?:\\w+)?/?[0-9]+",
        "URIPROTO": "[A-Za-z][A-Za-z0-9+.-]+", "URIHOST": "%{IPORHOST}(?::%{POSINT})?",
        "URIPATH": #"(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+"#,
        "URIPARAM": #"\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\[\]<>-]*"#, "URIPATHPARAM": "%{URIPATH}(?:%{URIPARAM})?",
        "URI": "%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?",
        "EMAILADDRESS": "[A-Za-z0-9._%+-]+@%{HOSTNAME}",
        "MONTH": "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*", "MONTHNUM": "0?[1-9]|1[0-2]",
        "MONTHDAY": "0[1-9]|[12][0-9]|3[01]|[1-9]", "DAY": "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*",
        "YEAR": "[0-9]{4}|[0-9]{2}", "HOUR": "2[0-3]|[01]?[0-9]", "MINUTE": "[0-5][0-9]",
        "SECOND": "(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?", "TIME": "%{HOUR}:%{MINUTE}(?::%{SECOND})?",
        "DATE_US": "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}", "DATE_EU": "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}",
        "DATE": "%{DATE_US}|%{DATE_EU}", "DATESTAMP": "%{DATE}[- ]%{TIME}",
        "ISO8601_TIMEZONE": "Z|[+-]%{HOUR}(?::?%{MINUTE})", "ISO8601_SECOND": "%{SECOND}",
        "TIMESTAMP_ISO8601":
            "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?",
        "TZ": "[A-Z]{3}", "HTTPDATE": "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}",
        "SYSLOGTIMESTAMP": "%{MONTH} +%{MONTHDAY} %{TIME}", "PROG": #"[\w._/%-]+"#,
        "SYSLOGPROG": #"%{PROG}(?:\[%{POSINT}\])?"#, "SYSLOGHOST": "%{IPORHOST}",
        "LOGLEVEL":
            "(?i:alert|trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|emerg(?:ency)?)",
        "COMMONAPACHELOG":
            #"%{IPORHOST:clientip} %{NOTSPACE:ident} %{NOTSPACE:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} (?:%{NUMBER:bytes}|-)"#,
        "COMBINEDAPACHELOG": "%{COMMONAPACHELOG} %{QUOTEDSTRING:referrer} %{QUOTEDSTRING:agent}",
        "APACHE_ACCESS_LOG": "%{COMMONAPACHELOG}", "NGINX_ACCESS_LOG": "%{COMBINEDAPACHELOG}",
        // Of parsePostgres.
        "POSTGRESTIME": "[0-9-]+ [0-9:.]+ [A-Z]+",
    ]
}
