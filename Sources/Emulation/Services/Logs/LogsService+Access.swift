import AWSModel

// AWS: resource policies of Logs belong to the account in a region, and hold for each of its groups.
extension LogsService: ResourcePolicyHolder {
    /// Kept in mind while a policy comes or is read back.
    func note(_ item: LogsItem) {
        guard item.kind == Self.policy, item.document.string("policyDocument")?.contains("Deny") == true else { return }
        holdsDenials = true
    }

    public func resourcePolicy(of arn: String) -> String? {
        guard let name = ARN(arn) else { return nil }
        let scope = Scope(accountID: name.accountID, region: name.region)
        var statements: [DocumentValue] = []
        for item in items(Self.policy, in: scope) {
            let document = item.document.string("policyDocument").flatMap { try? JSONReader.parse($0) }
            switch document?["Statement"] {
            case .list(let list): statements += list
            case .some(let single): statements.append(single)
            case nil: break
            }
        }
        guard !statements.isEmpty else { return nil }
        return JSONWriter.string(["Version": "2012-10-17", "Statement": .list(statements)])
    }
}
