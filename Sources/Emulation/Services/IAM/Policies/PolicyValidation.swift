import AWSModel

/// What IAM refuses in a policy document, in its order and words.
enum PolicyValidation {
    static let syntax = malformed("Syntax errors in policy.")
    private static let legacy = malformed("The policy failed legacy parsing")

    static func malformed(_ message: String) -> ServiceError {
        ServiceError("MalformedPolicyDocumentException", message)
    }

    static func check(_ document: DocumentObject, _ kind: PolicyDocument.Kind) throws(ServiceError) {
        let statements = try statements(document, kind)
        let version = document.string("Version")
        if kind == .managed, version != "2012-10-17" { throw tooOld }
        for statement in statements {
            guard ["Allow", "Deny"].contains(statement.string("Effect")) else { throw legacy }
            try checkDates(statement)
        }
        let resourceError = try resourceError(statements)
        let sids = statements.compactMap { $0.string("Sid") }.filter { !$0.isEmpty }
        guard Set(sids).count == sids.count else {
            throw malformed("Statement IDs (SID) in a single policy must be unique.")
        }
        for statement in statements where actions(statement).isEmpty {
            throw malformed("Policy statement must contain actions.")
        }
        if kind != .resource, kind != .trust, let resourceError { throw malformed(resourceError) }
        for action in statements.flatMap(actions) { try checkPrefix(action) }
        for statement in statements {
            switch kind {
            case .managed, .identity: try checkIdentity(statement)
            case .trust: try checkTrust(statement)
            case .resource: break
            }
        }
    }

    private static let tooOld = malformed("Policy document must be version 2012-10-17 or greater.")
    private static let members: Set<String> = ["Version", "Id", "Statement", "Conditions"]
    private static let statementMembers: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    // MARK: Syntax

    private static func statements(
        _ document: DocumentObject, _ kind: PolicyDocument.Kind
    ) throws(ServiceError) -> [DocumentObject] {
        guard document.keys.allSatisfy(members.contains) else { throw syntax }
        if let version = document["Version"] {
            guard version == "2012-10-17" || version == "2008-10-17" else { throw kind == .trust ? tooOld : syntax }
        }
        if let id = document["Id"], id.string == nil { throw syntax }
        let listed: [DocumentValue]
        switch document["Statement"] {
        case .list(let list)?: listed = list
        case .object(let single)?: listed = [.object(single)]
        default: throw syntax
        }
        let objects = listed.compactMap(\.object)
        guard !objects.isEmpty, objects.count == listed.count else { throw syntax }
        for object in objects { try checkSyntax(object) }
        return objects
    }

    private static func checkSyntax(_ statement: DocumentObject) throws(ServiceError) {
        guard statement.keys.allSatisfy(statementMembers.contains),
            !(statement.contains("Resource") && statement.contains("NotResource")),
            !(statement.contains("Action") && statement.contains("NotAction")),
            let effect = statement.string("Effect"), ["allow", "deny"].contains(effect.lowercased())
        else { throw syntax }
        for name in ["Action", "NotAction", "Resource", "NotResource"] {
            switch statement[name] {
            case nil, .string?: break
            case .list(let list)? where list.allSatisfy({ $0.string != nil || $0.isNull }): break
            default: throw syntax
            }
        }
        if let sid = statement["Sid"], sid.string == nil { throw syntax }
        guard let condition = statement["Condition"] else { return }
        guard let tests = condition.object else { throw syntax }
        for (test, value) in tests {
            guard let keys = value.object else { throw syntax }
            for element in keys.values where element.bool == nil && element.list == nil && element.string == nil {
                throw syntax
            }
            guard keys.isEmpty || PolicyCondition(test, key: "", values: [], fillsVariables: false) != nil else {
                throw syntax
            }
        }
    }

    /// AWS: dates in conditions are read when the policy is stored.
    private static func checkDates(_ statement: DocumentObject) throws(ServiceError) {
        for (test, keys) in statement.object("Condition") ?? [:] where test.contains("Date") {
            for text in (keys.object ?? [:]).values.flatMap({ PolicyDocument.strings($0) }) {
                let lowered = text.lowercased()
                if !lowered.contains("t"), !lowered.contains("-") {
                    guard let seconds = Int64(text), seconds >= 0 else { throw legacy }
                } else if !isDate(lowered) {
                    throw legacy
                }
            }
        }
    }

    private static func isDate(_ text: String) -> Bool {
        let halves = text.split(separator: "t", maxSplits: 1, omittingEmptySubsequences: false)
        let isNegative = halves[0].hasPrefix("-")
        let date = halves[0].drop { $0 == "-" }.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(date.count), let year = Int(date[0]),
            (isNegative ? -year : year) >= -292_275_054, year <= 292_278_993
        else { return false }
        if date.count > 1 { guard let month = Int(date[1]), (1...12).contains(month) else { return false } }
        if date.count > 2 { guard let day = Int(date[2]), (1...31).contains(day) else { return false } }
        guard halves.count == 2, !halves[1].isEmpty else { return true }
        return isTime(halves[1])
    }

    private static func isTime(_ text: Substring) -> Bool {
        var clock = text
        if clock.hasSuffix("z") {
            clock = clock.dropLast()
        } else if let plus = clock.firstIndex(of: "+") {
            let zone = clock[clock.index(after: plus)...].split(separator: ":", omittingEmptySubsequences: false)
            guard (1...2).contains(zone.count), zone.allSatisfy({ $0.utf8.count == 2 }), let hours = Int(zone[0]),
                (0...23).contains(hours), zone.count == 1 || (0...59).contains(Int(zone[1]) ?? -1)
            else { return false }
            clock = clock[..<plus]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard let hours = Int(parts[0]), (0...23).contains(hours) else { return false }
        if parts.count > 1 { guard let minutes = Int(parts[1]), (0...59).contains(minutes) else { return false } }
        if parts.count > 2 {
            let seconds = parts[2].split(separator: ".", maxSplits: 1)
            guard let whole = seconds.first.flatMap({ Int($0) }), (0...59).contains(whole) else { return false }
            if seconds.count == 2 {
                guard let fraction = Int(seconds[1]), (0...999_999_999).contains(fraction) else { return false }
            }
        }
        return true
    }

    // MARK: Actions and resources

    private static func actions(_ statement: DocumentObject) -> [String] {
        PolicyDocument.strings(statement["Action"]) + PolicyDocument.strings(statement["NotAction"])
    }

    private static func checkPrefix(_ action: String) throws(ServiceError) {
        guard action != "*" else { return }
        let parts = action.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1 else {
            throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
        }
        guard parts.count == 2 else { throw malformed("Actions/Condition can contain only one colon.") }
        let isVendor = parts[0].utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46
        }
        guard isVendor || parts[0] == "*" else { throw malformed("Vendor \(parts[0]) is not valid") }
    }

    /// A resource that IAM does not take, in its words; nil where it takes all.
    private static func resourceError(_ statements: [DocumentObject]) throws(ServiceError) -> String? {
        var error: String?
        for name in ["Resource", "NotResource"] {
            for statement in statements {
                let resources =
                    statement[name]?.string.map { [$0] }
                    ?? PolicyDocument.strings(statement[name]).filter { !$0.isEmpty }
                // AWS: of several it names the last statement's, and of a statement's the first by the alphabet.
                if let wrong = resources.sorted().lazy.compactMap(PolicyResource.error).first { error = wrong }
                guard error == nil else { continue }
                for resource in resources where resource != "*" {
                    let parts = resource.split(separator: ":", omittingEmptySubsequences: false)
                    guard parts.count >= 6 || !resource.contains("::") else { throw legacy }
                    guard parts.count > 2, !parts[2].isEmpty else { throw legacy }
                }
            }
        }
        return error
    }

    private static func checkIdentity(_ statement: DocumentObject) throws(ServiceError) {
        if statement.contains("Principal") || statement.contains("NotPrincipal") {
            throw malformed("Policy document should not specify a principal.")
        }
        let named = statement["Resource"] ?? statement["NotResource"]
        guard let named, named.list?.isEmpty != true else {
            throw malformed("Policy statement must contain resources.")
        }
    }

    // MARK: Trust

    private static func checkTrust(_ statement: DocumentObject) throws(ServiceError) {
        if statement.contains("Resource") { throw malformed("Has prohibited field Resource") }
        if statement.contains("NotResource") { throw malformed("Has prohibited field NotResource") }
        guard statement.contains("Principal") || statement.contains("NotPrincipal") else {
            throw malformed("Missing required field Principal")
        }
        for action in actions(statement) where action != "*" {
            guard action.lowercased().hasPrefix("sts:") else {
                throw malformed("AssumeRole policy may only specify STS AssumeRole actions.")
            }
        }
        switch statement["Principal"] ?? statement["NotPrincipal"] {
        case .string("*")?: break
        case .object(let kinds)?:
            for (kind, names) in kinds { try checkPrincipals(kind, PolicyDocument.strings(names)) }
        default: throw malformed("Invalid principal in policy.")
        }
    }

    private static func checkPrincipals(_ kind: String, _ names: [String]) throws(ServiceError) {
        switch kind {
        case "Service":
            for name in names where !name.contains(".amazon") && name != "*" {
                throw malformed("Invalid principal in policy: \"SERVICE\":\"\(name)\"")
            }
        case "AWS":
            for name in names where !isPrincipal(name) {
                throw malformed("Invalid principal in policy: \"AWS\":\"\(name)\"")
            }
        case "Federated", "CanonicalUser": break
        default: throw malformed("Invalid principal in policy.")
        }
    }

    private static func isPrincipal(_ text: String) -> Bool {
        text == "*" || text.hasPrefix("arn:") || text.hasPrefix("AROA") || text.hasPrefix("AIDA")
            || (text.utf8.count == 12 && text.utf8.allSatisfy { (48...57).contains($0) })
    }
}

/// What IAM asks of the ARN in a Resource.
enum PolicyResource {
    private static let partitions: Set<String> = [
        "*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc",
    ]
    private static let iamPaths = [
        "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
        "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
    ]

    static func error(_ resource: String) -> String? {
        guard resource != "*" else { return nil }
        let parts = resource.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else { return "Resource \(resource) must be in ARN format or \"*\"." }
        let partition = parts[1]
        guard partitions.contains(partition) else {
            let rest = Array(parts.dropFirst(2))
            func part(_ index: Int) -> String { rest.count > index ? rest[index] : "*" }
            let first = rest.isEmpty || (rest.count == 1 && rest[0].isEmpty) ? "*" : rest[0]
            let last = rest.count > 3 ? rest[3...].joined(separator: ":") : "*"
            return
                "Partition \"\(partition)\" is not valid for resource \"arn:\(partition):\(first):\(part(1)):\(part(2)):\(last)\"."
        }
        guard parts.count > 2 else { return "Resource vendor must be fully qualified and cannot contain regexes." }
        let region = parts.count > 3 ? parts[3] : "-"
        let name = parts.count > 5 ? parts[5...].joined(separator: ":") : ""
        // AWS: neither has regions; an S3 access point does.
        let hasRegion = parts.count <= 4 || !region.isEmpty
        if parts[2] == "iam", hasRegion { return "IAM resource \(resource) cannot contain region information." }
        if parts[2] == "s3", hasRegion, !name.hasPrefix("accesspoint/") {
            return "Resource \(resource) can not contain region information."
        }
        if parts[2] == "iam", !iamPaths.contains(where: name.hasPrefix), name != "*" {
            return "IAM resource path must either be \"*\" or start with \(iamPaths.joined(separator: ", "))."
        }
        return nil
    }
}
