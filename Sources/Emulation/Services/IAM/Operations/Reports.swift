import AWSModel
import AWSTypes

// The credential report and the access advisor: who has which credentials, and who used which service when.

extension IAMService {
    private static let report = "credentials"
    /// AWS: a report is made anew when it is four hours old.
    private static let reportAge = Duration.seconds(4 * 3600)

    func registerReports(_ table: inout OperationTable) {
        table.on(IAM.generateCredentialReport) { [unowned self] (_, call) in
            if let report = currentReport(call) {
                _ = report
                return IAM.GenerateCredentialReportResponse(state: "COMPLETE")
            }
            let content = CredentialReport(self, call).text
            put(
                .report, Self.report, ["content": .string(content), "created": .integer(call.time.microseconds)],
                in: call.scope.accountID)
            return IAM.GenerateCredentialReportResponse(
                state: "STARTED", description: "No report exists. Starting a new report generation task")
        }
        table.on(IAM.getCredentialReport) { [unowned self] (_, call) throws(ServiceError) in
            guard record(.report, Self.report, of: call.scope.accountID) != nil else {
                throw ServiceError("CredentialReportNotPresentException", "", status: 410)
            }
            guard let report = currentReport(call) else {
                throw ServiceError(
                    "CredentialReportExpiredException",
                    "Credential report has expired. Please generate a new report.", status: 410)
            }
            return IAM.GetCredentialReportResponse(
                content: Array((report.string("content") ?? "").utf8), reportFormat: "text/csv",
                generatedTime: report.instant("created"))
        }
        table.on(IAM.setSecurityTokenServicePreferences) { [unowned self] (input, call) in
            change(call) { $0["tokenVersion"] = .integer(input.globalEndpointTokenVersion == "v2Token" ? 2 : 1) }
            return Unit()
        }
        registerLastAccessed(&table)
    }

    private func currentReport(_ call: Call) -> DocumentObject? {
        record(.report, Self.report, of: call.scope.accountID).flatMap {
            $0.instant("created") + Self.reportAge > call.time ? $0 : nil
        }
    }

    // MARK: Access advisor

    private func registerLastAccessed(_ table: inout OperationTable) {
        table.on(IAM.generateServiceLastAccessedDetails) { [unowned self] (input, call) throws(ServiceError) in
            _ = try namedPolicies(of: input.arn, call)
            let job = core.identifiers.uuid()
            var document: DocumentObject = ["arn": .string(input.arn), "created": .integer(call.time.microseconds)]
            document.putString("granularity", input.granularity)
            put(.accessJob, job, document, in: call.scope.accountID)
            return IAM.GenerateServiceLastAccessedDetailsResponse(jobId: job)
        }
        table.on(IAM.getServiceLastAccessedDetails) { [unowned self] (input, call) throws(ServiceError) in
            let job = try job(input.jobId, call)
            let arn = job.string("arn") ?? ""
            let services = grantedServices(try namedPolicies(of: arn, call).map(\.document)).sorted { $0.key < $1.key }
            let page = try IAMPage(services, marker: input.marker, maxItems: input.maxItems) { $0.key }
            let users = entities(of: arn, call.scope.accountID)
            return IAM.GetServiceLastAccessedDetailsResponse(
                jobStatus: "COMPLETED", jobType: job.string("granularity") ?? "SERVICE_LEVEL",
                jobCreationDate: job.instant("created"),
                servicesLastAccessed: page.items.map { service in
                    let seen = users.compactMap { user in uses[user.arn]?[service.key].map { (user, $0) } }
                    let last = seen.max { $0.1.time < $1.1.time }
                    return IAM.ServiceLastAccessed(
                        serviceName: service.value, lastAuthenticated: last?.1.time, serviceNamespace: service.key,
                        lastAuthenticatedEntity: last?.0.arn, lastAuthenticatedRegion: last?.1.region,
                        totalAuthenticatedEntities: seen.count)
                }, jobCompletionDate: job.instant("created"), isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.getServiceLastAccessedDetailsWithEntities) { [unowned self] (input, call) throws(ServiceError) in
            let job = try job(input.jobId, call)
            let found = entities(of: job.string("arn") ?? "", call.scope.accountID).sorted { $0.arn < $1.arn }
            let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.arn }
            return IAM.GetServiceLastAccessedDetailsWithEntitiesResponse(
                jobStatus: "COMPLETED", jobCreationDate: job.instant("created"),
                jobCompletionDate: job.instant("created"),
                entityDetailsList: page.items.map {
                    IAM.EntityDetails(
                        entityInfo: $0, lastAuthenticated: uses[$0.arn]?[input.serviceNamespace]?.time)
                }, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.listPoliciesGrantingServiceAccess) { [unowned self] (input, call) throws(ServiceError) in
            let policies = try namedPolicies(of: input.arn, call)
            return IAM.ListPoliciesGrantingServiceAccessResponse(
                policiesGrantingServiceAccess: input.serviceNamespaces.map { namespace in
                    let granting = policies.filter { $0.document.grants(namespace: namespace) }
                    return IAM.ListPoliciesGrantingServiceAccessEntry(
                        serviceNamespace: namespace, policies: granting.map { granted($0, to: input.arn, call) })
                }, isTruncated: false)
        }
    }

    private func granted(_ policy: NamedPolicy, to arn: String, _ call: Call) -> IAM.PolicyGrantingServiceAccess {
        let isManaged = policy.kind.hasSuffix("managed")
        guard isManaged else {
            let entity = arn.split(separator: "/").last.map(String.init)
            return IAM.PolicyGrantingServiceAccess(
                policyName: policy.name, policyType: "INLINE", entityType: policy.kind.uppercased(), entityName: entity)
        }
        let own = customerPolicies(of: call.scope.accountID).first { $0.name == policy.name }
        return IAM.PolicyGrantingServiceAccess(
            policyName: policy.name, policyType: "MANAGED",
            policyArn: own?.arn ?? AWSManagedPolicies.all.first { $0.name == policy.name }?.arn)
    }

    private func job(_ id: String, _ call: Call) throws(ServiceError) -> DocumentObject {
        guard let job = record(.accessJob, id, of: call.scope.accountID) else {
            throw .noSuchEntity("Job \(id) cannot be found.")
        }
        return job
    }

    /// The policies of a user, group or role, or a managed policy itself.
    private func namedPolicies(of arn: String, _ call: Call) throws(ServiceError) -> [NamedPolicy] {
        if ARN(arn)?.resource.hasPrefix("policy/") == true {
            let policy = try policy(arn, call)
            return policy.document.map { [NamedPolicy(policy.name, kind: "user-managed", $0)] } ?? []
        }
        return try policySet(ofArn: arn, call).identity
    }

    /// Whom an ARN stands for: itself, or those that a policy is attached to.
    private func entities(of arn: String, _ account: String) -> [IAM.EntityInfo] {
        func info<Holder: PolicyHolder>(_ holder: Holder, _ id: String) -> IAM.EntityInfo {
            IAM.EntityInfo(
                arn: holder.arn, name: holder.name, type: Holder.word.uppercased(), id: id, path: holder.path)
        }
        if let user = user(arn: arn) { return [info(user, user.id)] }
        if let role = role(arn: arn) { return [info(role, role.id)] }
        if let group = groups(of: account).first(where: { $0.arn == arn }) {
            return members(of: group).map { info($0, $0.id) }
        }
        return users(of: account).filter { $0.attachedPolicies.contains(arn) }.map { info($0, $0.id) }
            + roles(of: account).filter { $0.attachedPolicies.contains(arn) }.map { info($0, $0.id) }
    }

    /// Namespaces that policies grant something of, with the services' names.
    private func grantedServices(_ documents: [PolicyDocument]) -> [String: String] {
        Self.serviceNames.filter { namespace, _ in documents.contains { $0.grants(namespace: namespace) } }
    }

    private static let serviceNames = [
        "sqs": "Amazon SQS", "sns": "Amazon SNS", "lambda": "AWS Lambda", "states": "AWS Step Functions",
        "events": "Amazon EventBridge", "scheduler": "Amazon EventBridge Scheduler",
        "pipes": "Amazon EventBridge Pipes",
        "s3": "Amazon S3", "dynamodb": "Amazon DynamoDB", "kinesis": "Amazon Kinesis",
        "firehose": "Amazon Data Firehose",
        "logs": "Amazon CloudWatch Logs", "cloudwatch": "Amazon CloudWatch",
        "iam": "AWS Identity and Access Management",
        "sts": "AWS Security Token Service", "kms": "AWS Key Management Service", "apigateway": "Amazon API Gateway",
        "xray": "AWS X-Ray", "ecs": "Amazon Elastic Container Service", "ecr": "Amazon Elastic Container Registry",
        "ec2": "Amazon EC2", "secretsmanager": "AWS Secrets Manager", "ssm": "AWS Systems Manager", "ses": "Amazon SES",
    ]
}

extension PolicyDocument {
    /// Whether some statement allows an action of a service.
    func grants(namespace: String) -> Bool {
        statements.contains { statement in
            guard statement.isAllow else { return false }
            if statement.negatesActions {
                return !statement.actions.contains { $0.text == "\(namespace):*" || $0.text == "*" }
            }
            return statement.actions.contains { $0.matchesAll || $0.text.lowercased().hasPrefix("\(namespace):") }
        }
    }
}

/// The credential report: a line for the account itself and for each user.
private struct CredentialReport {
    private static let header = """
        user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,\
        mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
        access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
        access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
        cert_1_last_rotated,cert_2_active,cert_2_last_rotated
        """
    let text: String

    init(_ iam: IAMService, _ call: Call) {
        let account = call.scope.accountID
        let none = "N/A"
        let unsupported = "not_supported"
        let keyless = ["false", none, none, none, none]
        var lines = [Self.header]
        let root =
            [
                "<root_account>", "arn:\(call.scope.partition):iam::\(account):root", "2020-01-01T00:00:00+00:00",
                unsupported, "no_information", unsupported, unsupported, "false",
            ] + keyless + keyless + ["false", none, "false", none]
        lines.append(root.joined(separator: ","))
        for user in iam.users(of: account) {
            var cells = [
                user.name, user.arn, Self.time(user.createDate), user.login == nil ? "false" : "true",
                user.login == nil ? none : "no_information", user.login.map { Self.time($0.createDate) } ?? none, none,
                iam.devices(of: user).isEmpty ? "false" : "true",
            ]
            for index in 0..<2 {
                guard user.accessKeys.count > index else {
                    cells += keyless
                    continue
                }
                let key = user.accessKeys[index]
                let last = iam.uses[key.id]?.max { $0.value.time < $1.value.time }
                cells += [
                    key.isActive ? "true" : "false", Self.time(key.createDate),
                    last.map { Self.time($0.value.time) } ?? none,
                    last?.value.region ?? none, last?.key ?? none,
                ]
            }
            for index in 0..<2 {
                let certificate = user.certificates.count > index ? user.certificates[index] : nil
                cells += [
                    certificate?.isActive == true ? "true" : "false",
                    certificate.map { Self.time($0.uploadDate) } ?? none,
                ]
            }
            lines.append(cells.joined(separator: ","))
        }
        text = lines.joined(separator: "\n")
    }

    /// AWS: with an offset instead of a Z.
    private static func time(_ instant: Instant) -> String {
        instant.iso8601(milliseconds: false).replacing("Z", with: "+00:00")
    }
}
