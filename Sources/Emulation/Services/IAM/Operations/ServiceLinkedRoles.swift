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

    /// The services whose roles do not simply bear the first part of their principal: `service role`, one a line.
    private static let names: [String: String] = {
        let table = """
            accountdiscovery.ssm AmazonSSM_AccountDiscovery
            acm CertificateManager
            apigateway APIGateway
            appmesh AppMesh
            autoscaling AutoScaling
            autoscaling-plans AutoScalingPlans_EC2AutoScaling
            backup Backup
            batch Batch
            cassandra.application-autoscaling ApplicationAutoScaling_CassandraTable
            cks.kms KeyManagementServiceCustomKeyStores
            cloudtrail CloudTrail
            codestar-notifications CodeStarNotifications
            config Config
            connect AmazonConnect
            custom-resource.application-autoscaling ApplicationAutoScaling_CustomResource
            dms DMSServerless
            dms-fleet-advisor DMSFleetAdvisor
            docdb-elastic DocDB-Elastic
            dynamodb.application-autoscaling ApplicationAutoScaling_DynamoDBTable
            ec2-instance-connect Ec2InstanceConnect
            ec2.application-autoscaling ApplicationAutoScaling_EC2SpotFleetRequest
            ecr ECRTemplate
            ecs ECS
            ecs.application-autoscaling ApplicationAutoScaling_ECSService
            eks AmazonEKS
            eks-connector AmazonEKSConnector
            eks-fargate AmazonEKSForFargate
            eks-nodegroup AmazonEKSNodegroup
            elasticache ElastiCache
            elasticbeanstalk ElasticBeanstalk
            elasticfilesystem AmazonElasticFileSystem
            elasticloadbalancing ElasticLoadBalancing
            email AmazonSES
            email.cognito-idp AmazonCognitoIdpEmailService
            emr-containers AmazonEMRContainers
            emrwal EMRWAL
            es AmazonElasticsearchService
            events CloudWatchEvents
            fis FIS
            grafana AmazonGrafana
            guardduty AmazonGuardDuty
            imagebuilder ImageBuilder
            kafka Kafka
            kafkaconnect KafkaConnect
            lakeformation LakeFormationDataAccess
            lambda.application-autoscaling ApplicationAutoScaling_LambdaConcurrency
            lex LexBots
            lexv2 LexV2Bots
            lightsail Lightsail
            m2 AWSM2
            memorydb MemoryDB
            mq AmazonMQ
            mrk.kms KeyManagementServiceMultiRegionKeys
            notifications AwsUserNotifications
            observability.aoss AmazonOpenSearchServerless
            opensearchservice AmazonOpenSearchService
            ops.apigateway APIGateway
            ops.emr-serverless AmazonEMRServerless
            opsdatasync.ssm SystemsManagerOpsDataSync
            opsinsights.ssm AmazonSSM_OpsInsights
            organizations Organizations
            pullthroughcache.ecr ECRPullThroughCache
            ram ResourceAccessManager
            rds RDS
            redshift Redshift
            replication.cassandra KeyspacesReplication
            replication.ecr ECRReplication
            replicator.lambda LambdaReplicator
            repository.sync.codeconnections GitSync
            resource-explorer-2 ResourceExplorer
            rolesanywhere RolesAnywhere
            s3-outposts S3OnOutposts
            sagemaker.application-autoscaling ApplicationAutoScaling_SageMakerEndpoint
            securityhub SecurityHub
            ses AmazonSES
            shield AWSShield
            spot EC2Spot
            spotfleet EC2SpotFleet
            ssm AmazonSSM
            ssm-incidents IncidentManager
            ssm-quicksetup SSMQuickSetup
            sso SSO
            support Support
            trustedadvisor TrustedAdvisor
            vpcorigin.cloudfront CloudFrontVPCOrigin
            waf WAFLogging
            wafv2 WAFV2Logging
            """
        let pairs = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return Dictionary(pairs.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }()
    /// AWS: of the known services these have more than one role, told apart by a suffix.
    private static let suffixed: Set<String> = [
        "autoscaling", "connect", "lexv2", "custom-resource.application-autoscaling",
    ]

    private func createServiceLinkedRole(
        _ input: IAM.CreateServiceLinkedRoleRequest, _ call: Call
    ) throws(ServiceError) -> IAM.CreateServiceLinkedRoleResponse {
        let service = input.awsServiceName
        let principal = service.hasSuffix(".amazonaws.com") ? String(service.dropLast(14)) : service
        if input.customSuffix != nil, Self.names[principal] != nil, !Self.suffixed.contains(principal) {
            throw ServiceError("InvalidInputException", "Custom suffix is not allowed for \(service)")
        }
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
