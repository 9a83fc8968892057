import AWSModel
import AWSTypes

// CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus.

extension IAMService {
    func registerServiceLinkedRoles(_ table: inout OperationTable) {
        table.on(IAM.createServiceLinkedRole, createServiceLinkedRole)
        table.on(IAM.deleteServiceLinkedRole) { [unowned self] (input, call) throws(ServiceError) in
            let role = try role(input.roleName, call)
            guard Self.isServiceLinked(role) else {
                throw .noSuchEntity("The role with name \(role.name) is not a service-linked role.")
            }
            remove(role)
            let task = "task\(role.path)\(role.name)/\(core.identifiers.uuid())"
            put(.deletion, task, ["status": "SUCCEEDED"], in: role.accountID)
            return IAM.DeleteServiceLinkedRoleResponse(deletionTaskId: task)
        }
        table.on(IAM.getServiceLinkedRoleDeletionStatus) { [unowned self] (input, call) throws(ServiceError) in
            guard let task = record(.deletion, input.deletionTaskId, of: call.scope.accountID) else {
                throw .noSuchEntity("Deletion task \(input.deletionTaskId) cannot be found.")
            }
            return IAM.GetServiceLinkedRoleDeletionStatusResponse(status: task.string("status") ?? "SUCCEEDED")
        }
    }

    static func isServiceLinked(_ role: IAMRole) -> Bool { role.path.hasPrefix("/aws-service-role/") }

    /// AWS: only its service changes a service-linked role.
    static func checkUnprotected(_ role: IAMRole) throws(ServiceError) {
        guard isServiceLinked(role) else { return }
        let service = role.path.split(separator: "/").last.map(String.init) ?? ""
        throw ServiceError(
            "UnmodifiableEntityException",
            """
            Cannot perform the operation on the protected role '\(role.name)' - this role is only modifiable by AWS; \
            it is linked to \(service)
            """, queryCode: "UnmodifiableEntity")
    }

    /// The services whose roles do not simply bear the first part of their principal.
    private static let names = [
        "autoscaling": "AutoScaling", "elasticbeanstalk": "ElasticBeanstalk", "apigateway": "APIGateway",
        "ops.apigateway": "APIGateway", "ecs": "ECS", "eks": "AmazonEKS",
        "elasticloadbalancing": "ElasticLoadBalancing",
        "rds": "RDS", "elasticache": "ElastiCache", "es": "AmazonElasticsearchService",
        "opensearchservice": "AmazonOpenSearchService", "replicator.lambda": "LambdaReplicator",
        "events": "CloudWatchEvents", "support": "Support", "trustedadvisor": "TrustedAdvisor",
        "organizations": "Organizations", "ssm": "AmazonSSM", "spot": "EC2Spot", "spotfleet": "EC2SpotFleet",
        "kafka": "Kafka", "batch": "Batch", "guardduty": "AmazonGuardDuty", "securityhub": "SecurityHub",
        "email": "AmazonSES", "dynamodb.application-autoscaling": "ApplicationAutoScaling_DynamoDBTable",
        "lambda.application-autoscaling": "ApplicationAutoScaling_LambdaConcurrency",
        "ecs.application-autoscaling": "ApplicationAutoScaling_ECSService",
        "custom-resource.application-autoscaling": "ApplicationAutoScaling_CustomResource",
        "sagemaker.application-autoscaling": "ApplicationAutoScaling_SageMakerEndpoint",
    ]

    private func createServiceLinkedRole(
        _ input: IAM.CreateServiceLinkedRoleRequest, _ call: Call
    ) throws(ServiceError) -> IAM.CreateServiceLinkedRoleResponse {
        let service = input.awsServiceName
        let principal = service.hasSuffix(".amazonaws.com") ? String(service.dropLast(14)) : service
        let word = Self.names[principal] ?? principal.split(separator: ".").first.map(String.init) ?? principal
        let name = "AWSServiceRoleFor\(word)\(input.customSuffix.map { "_\($0)" } ?? "")"
        let account = call.scope.accountID
        guard !exists(role: name, in: account) else {
            throw ServiceError(
                "InvalidInputException",
                "Service role name \(name) has been taken in this account, please try a different suffix.")
        }
        let path = "/aws-service-role/\(service)/"
        let trust: DocumentObject = [
            "Version": "2012-10-17",
            "Statement": [
                ["Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": ["Service": [.string(service)]]]
            ],
        ]
        let role = IAMRole(
            accountID: account, name: name, path: path, id: "AROA" + core.identifiers.upperAlphanumeric(17),
            arn: "arn:\(call.scope.partition):iam::\(account):role\(path)\(name)", createDate: call.time,
            trust: PolicyDocument(trust), description: input.description, maxSessionDuration: 3600,
            permissionsBoundary: nil, attachedPolicies: [], inlinePolicies: [:], tags: [:])
        store(role)
        core.attribute(call, to: role.arn)
        return IAM.CreateServiceLinkedRoleResponse(role: Self.described(role))
    }
}
