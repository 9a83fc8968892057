import AWSModel

/// Further policies that AWS provides, and when each was made: names, paths and dates are AWS's own.
extension AWSManagedPolicies {
    static let further: [Entry] = [
        Entry(
            name: "AWSAppSyncAdministrator", description: "Full access to AppSync.",
            actions: ["appsync:*", "iam:PassRole"]),
        Entry(
            path: "/service-role/", name: "AWSAppSyncPushToCloudWatchLogs",
            description: "Write AppSync's logs to CloudWatch Logs.",
            actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
        Entry(
            name: "AWSCertificateManagerFullAccess", description: "Full access to Certificate Manager.",
            actions: ["acm:*"]),
        Entry(
            name: "AWSCloudFormationReadOnlyAccess", description: "Read access to CloudFormation.",
            actions: ["cloudformation:Get*", "cloudformation:List*", "cloudformation:Describe*"]),
        Entry(
            name: "AWSCloudTrail_FullAccess", description: "Full access to CloudTrail.",
            actions:
                "cloudtrail:* s3:CreateBucket s3:List* sns:CreateTopic logs:CreateLogGroup iam:PassRole kms:ListAliases lambda:ListFunctions"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "AWSCloudTrail_ReadOnlyAccess", description: "Read access to CloudTrail.",
            actions: ["cloudtrail:Get*", "cloudtrail:List*", "cloudtrail:Describe*"]),
        Entry(
            name: "AWSCodeBuildAdminAccess", description: "Full access to CodeBuild.",
            actions: ["codebuild:*", "logs:*", "s3:*", "iam:PassRole"]),
        Entry(
            path: "/service-role/", name: "AWSCodeDeployRoleForLambda",
            description: "CodeDeploy shifts a function's traffic.",
            actions:
                "cloudwatch:DescribeAlarms lambda:UpdateAlias lambda:GetAlias lambda:GetProvisionedConcurrencyConfig sns:Publish lambda:InvokeFunction s3:GetObject s3:GetObjectVersion"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/service-role/", name: "AWSCodeDeployRoleForLambdaLimited",
            description: "CodeDeploy shifts a function's traffic, without publishing.",
            actions:
                "cloudwatch:DescribeAlarms lambda:UpdateAlias lambda:GetAlias lambda:GetProvisionedConcurrencyConfig lambda:InvokeFunction s3:GetObject s3:GetObjectVersion"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "AWSCodePipeline_FullAccess", description: "Full access to CodePipeline.",
            actions: ["codepipeline:*", "iam:PassRole", "s3:*", "lambda:ListFunctions", "sns:ListTopics"]),
        Entry(
            path: "/service-role/", name: "AWSControlTowerServiceRolePolicy", description: "What Control Tower needs.",
            actions: ["cloudformation:*", "cloudtrail:*", "iam:*Role*", "logs:*", "organizations:*"]),
        Entry(
            name: "AWSDataPipeline_FullAccess", description: "Full access to Data Pipeline.",
            actions: ["datapipeline:*"]),
        Entry(
            name: "AWSGlueConsoleFullAccess", description: "Full access to Glue.",
            actions: ["glue:*", "s3:*", "iam:ListRoles", "iam:PassRole", "logs:GetLogEvents"]),
        Entry(
            path: "/service-role/", name: "AWSGlueServiceRole", description: "What Glue jobs need.",
            actions:
                "glue:* s3:Get* s3:List* s3:PutObject s3:DeleteObject ec2:Describe* iam:ListRolePolicies iam:GetRole cloudwatch:PutMetricData logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/service-role/", name: "AWSLambdaBasicDurableExecutionRolePolicy",
            description: "Write logs and keep durable executions.",
            actions: [
                "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "lambda:CheckpointDurableExecution",
                "lambda:GetDurableExecutionState",
            ]),
        Entry(name: "AWSSupportAccess", description: "Access to the support center.", actions: ["support:*"]),
        Entry(
            name: "AWSXrayReadOnlyAccess", description: "Read access to X-Ray.",
            actions: ["xray:BatchGet*", "xray:Get*", "xray:List*"]),
        Entry(
            name: "AWSXrayWriteOnlyAccess", description: "Send traces to X-Ray.",
            actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*"]),
        Entry(
            name: "AmazonAthenaFullAccess", description: "Full access to Athena.",
            actions: ["athena:*", "glue:*", "s3:*"]),
        Entry(
            name: "AmazonBedrockFullAccess", description: "Full access to Bedrock.",
            actions: ["bedrock:*", "kms:DescribeKey", "iam:ListRoles", "ec2:Describe*", "iam:PassRole"]),
        Entry(
            name: "AmazonBedrockReadOnly", description: "Read access to Bedrock.",
            actions: ["bedrock:Get*", "bedrock:List*", "bedrock:Describe*"]),
        Entry(
            name: "AmazonCognitoPowerUser", description: "Administration of Cognito.",
            actions: [
                "cognito-identity:*", "cognito-idp:*", "cognito-sync:*", "iam:ListRoles",
                "sns:ListPlatformApplications",
            ]),
        Entry(
            name: "AmazonCognitoReadOnly", description: "Read access to Cognito.",
            actions:
                "cognito-identity:Get* cognito-identity:List* cognito-identity:Describe* cognito-idp:Get* cognito-idp:List* cognito-idp:Describe* cognito-sync:Get* cognito-sync:List* cognito-sync:Describe*"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "AmazonEC2ContainerRegistryPowerUser", description: "Push and pull ECR images.",
            actions:
                "ecr:Get* ecr:Describe* ecr:List* ecr:Batch* ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload ecr:PutImage"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/service-role/", name: "AmazonEC2ContainerServiceRole", description: "What ECS needs.",
            actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:Describe*", "elasticloadbalancing:*"]),
        Entry(
            path: "/service-role/", name: "AmazonEC2ContainerServiceforEC2Role",
            description: "What ECS instances need.",
            actions: [
                "ec2:DescribeTags", "ecs:*", "ecr:Get*", "ecr:Batch*", "logs:CreateLogStream", "logs:PutLogEvents",
            ]),
        Entry(
            name: "AmazonEC2FullAccess", description: "Full access to EC2.",
            actions: [
                "ec2:*", "elasticloadbalancing:*", "cloudwatch:*", "autoscaling:*", "iam:CreateServiceLinkedRole",
            ]),
        Entry(
            name: "AmazonEC2ReadOnlyAccess", description: "Read access to EC2.",
            actions:
                "ec2:Describe* ec2:Get* elasticloadbalancing:Describe* cloudwatch:ListMetrics cloudwatch:GetMetricStatistics cloudwatch:Describe* autoscaling:Describe*"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "AmazonEKSClusterPolicy", description: "What an EKS control plane needs.",
            actions: ["ec2:*", "elasticloadbalancing:*", "autoscaling:*", "kms:DescribeKey"]),
        Entry(
            name: "AmazonEKSWorkerNodePolicy", description: "What EKS nodes need.",
            actions: ["ec2:Describe*", "eks:DescribeCluster"]),
        Entry(
            name: "AmazonEKS_CNI_Policy", description: "What the VPC CNI plugin needs.",
            actions: ["ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses", "ec2:Describe*", "ec2:CreateTags"]),
        Entry(
            name: "AmazonElastiCacheFullAccess", description: "Full access to ElastiCache.",
            actions: ["elasticache:*", "iam:CreateServiceLinkedRole"]),
        Entry(
            name: "AmazonElasticContainerRegistryPublicFullAccess", description: "Full access to public ECR.",
            actions: ["ecr-public:*"]),
        Entry(
            name: "AmazonElasticFileSystemClientFullAccess", description: "Mount and write EFS file systems.",
            actions: [
                "elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite",
                "elasticfilesystem:DescribeMountTargets",
            ]),
        Entry(
            name: "AmazonElasticFileSystemFullAccess", description: "Full access to EFS.",
            actions: ["elasticfilesystem:*", "ec2:Describe*"]),
        Entry(
            path: "/service-role/", name: "AmazonElasticMapReduceRole", description: "What EMR needs.",
            actions:
                "ec2:* iam:GetRole iam:ListRolePolicies iam:PassRole s3:Get* s3:List* sqs:CreateQueue sqs:Delete* sqs:GetQueue* sqs:PurgeQueue sqs:ReceiveMessage cloudwatch:*"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "AmazonEventBridgePipesFullAccess", description: "Full access to EventBridge Pipes.",
            actions: ["pipes:*", "iam:PassRole"]),
        Entry(
            name: "AmazonEventBridgePipesOperatorAccess", description: "Read, start and stop pipes.",
            actions: [
                "pipes:DescribePipe", "pipes:ListPipes", "pipes:ListTagsForResource", "pipes:StartPipe",
                "pipes:StopPipe",
            ]),
        Entry(
            name: "AmazonEventBridgePipesReadOnlyAccess", description: "Read access to EventBridge Pipes.",
            actions: ["pipes:DescribePipe", "pipes:ListPipes", "pipes:ListTagsForResource"]),
        Entry(
            name: "AmazonEventBridgeSchedulerReadOnlyAccess", description: "Read access to EventBridge Scheduler.",
            actions: ["scheduler:List*", "scheduler:Get*"]),
        Entry(
            name: "AmazonEventBridgeSchemasFullAccess", description: "Full access to EventBridge schemas.",
            actions: ["schemas:*"]),
        Entry(
            name: "AmazonKinesisAnalyticsFullAccess", description: "Full access to Kinesis Analytics.",
            actions:
                "kinesisanalytics:* kinesis:* firehose:DescribeDeliveryStream firehose:ListDeliveryStreams cloudwatch:* logs:GetLogEvents iam:PassRole"
                .split(separator: " ").map(String.init)),
        Entry(name: "AmazonMSKFullAccess", description: "Full access to MSK.", actions: ["kafka:*"]),
        Entry(
            name: "AmazonOpenSearchServiceFullAccess", description: "Full access to OpenSearch Service.",
            actions: ["es:*"]),
        Entry(
            name: "AmazonRDSDataFullAccess", description: "Full access to the RDS Data API.",
            actions: [
                "rds-data:*", "secretsmanager:GetSecretValue", "secretsmanager:CreateSecret",
                "secretsmanager:ListSecrets", "tag:GetResources",
            ]),
        Entry(
            name: "AmazonRDSFullAccess", description: "Full access to RDS.",
            actions:
                "rds:* cloudwatch:GetMetricStatistics ec2:Describe* logs:DescribeLogStreams logs:GetLogEvents sns:ListSubscriptions sns:ListTopics sns:Publish iam:CreateServiceLinkedRole"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "AmazonRDSReadOnlyAccess", description: "Read access to RDS.",
            actions: [
                "rds:Describe*", "rds:ListTagsForResource", "ec2:Describe*", "cloudwatch:GetMetricStatistics",
                "logs:DescribeLogStreams", "logs:GetLogEvents",
            ]),
        Entry(
            name: "AmazonRoute53FullAccess", description: "Full access to Route 53.",
            actions: ["route53:*", "route53domains:*"]),
        Entry(
            path: "/service-role/", name: "AmazonS3ObjectLambdaExecutionRolePolicy",
            description: "What an object lambda function needs.",
            actions: [
                "s3-object-lambda:WriteGetObjectResponse", "logs:CreateLogGroup", "logs:CreateLogStream",
                "logs:PutLogEvents",
            ]),
        Entry(
            path: "/service-role/", name: "AmazonSNSRole", description: "SNS writes delivery logs.",
            actions: [
                "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutMetricFilter",
                "logs:PutRetentionPolicy",
            ]),
        Entry(
            path: "/service-role/", name: "AmazonSSMAutomationRole",
            description: "What Systems Manager automations need.",
            actions: ["lambda:InvokeFunction", "ec2:*", "cloudformation:*", "ssm:*", "sns:Publish"]),
        Entry(
            name: "AmazonSSMManagedInstanceCore", description: "What the Systems Manager agent needs.",
            actions:
                "ssm:DescribeAssociation ssm:GetDocument ssm:GetParameter* ssm:PutInventory ssm:Update* ssmmessages:* ec2messages:*"
                .split(separator: " ").map(String.init)),
        Entry(name: "AmazonTimestreamFullAccess", description: "Full access to Timestream.", actions: ["timestream:*"]),
        Entry(
            name: "AmazonVPCFullAccess", description: "Full access to VPC.",
            actions:
                "ec2:*Vpc* ec2:*Subnet* ec2:*Route* ec2:*SecurityGroup* ec2:*NetworkInterface* ec2:*Gateway* ec2:Describe*"
                .split(separator: " ").map(String.init)),
        Entry(name: "AmazonVPCReadOnlyAccess", description: "Read access to VPC.", actions: ["ec2:Describe*"]),
        Entry(
            path: "/job-function/", name: "Billing", description: "Billing and cost management.",
            actions: "aws-portal:*Billing budgets:* ce:* cur:* invoicing:* payments:* tax:*".split(separator: " ").map(
                String.init)),
        Entry(
            name: "CloudFrontFullAccess", description: "Full access to CloudFront.",
            actions: ["cloudfront:*", "s3:ListAllMyBuckets", "acm:ListCertificates", "iam:ListServerCertificates"]),
        Entry(
            name: "CloudWatchActionsEC2Access", description: "Alarms act on instances.",
            actions: [
                "cloudwatch:Describe*", "ec2:Describe*", "ec2:RebootInstances", "ec2:StopInstances",
                "ec2:TerminateInstances",
            ]),
        Entry(
            name: "CloudWatchEventsFullAccess", description: "Full access to EventBridge.",
            actions: ["events:*", "schemas:*", "scheduler:*", "pipes:*", "iam:PassRole"]),
        Entry(
            name: "CloudWatchEventsReadOnlyAccess", description: "Read access to EventBridge.",
            actions: ["events:Describe*", "events:List*", "events:TestEventPattern"]),
        Entry(
            name: "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
            description: "What Application Signals needs.",
            actions: ["xray:PutTraceSegments", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
        Entry(
            name: "CloudWatchLambdaInsightsExecutionRolePolicy",
            description: "What the Lambda Insights extension needs.",
            actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
        Entry(
            path: "/job-function/", name: "DataScientist", description: "What data analysts need.",
            actions: "s3:* kinesis:* athena:* glue:* sagemaker:* dynamodb:* cloudwatch:* iam:PassRole lambda:* logs:*"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/job-function/", name: "DatabaseAdministrator",
            description: "What administrators of databases need.",
            actions:
                "dynamodb:* rds:* kinesis:* sns:* cloudwatch:* logs:Describe* logs:Get* iam:ListRoles iam:PassRole s3:*"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "IAMAccessAdvisorReadOnly", description: "Access advisor data.",
            actions: [
                "iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails*", "iam:List*", "iam:Get*",
            ]),
        Entry(
            name: "IAMSelfManageServiceSpecificCredentials",
            description: "Users may manage their own service-specific credentials.",
            actions: ["iam:*ServiceSpecificCredential*"]),
        Entry(
            name: "IAMUserChangePassword", description: "Users may change their own password.",
            actions: ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"]),
        Entry(
            name: "IAMUserSSHKeys", description: "Users may manage their own SSH keys.", actions: ["iam:*SSHPublicKey*"]
        ),
        Entry(
            path: "/job-function/", name: "NetworkAdministrator", description: "What administrators of networks need.",
            actions: "ec2:* route53:* cloudfront:* elasticloadbalancing:* cloudwatch:* logs:* sns:CreateTopic sns:List*"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "ReadOnlyAccess", description: "Read access to all services.",
            actions:
                "sqs:Get* sqs:List* sqs:Describe* sns:Get* sns:List* sns:Describe* lambda:Get* lambda:List* lambda:Describe* states:Get* states:List* states:Describe* s3:Get* s3:List* s3:Describe* dynamodb:Get* dynamodb:List* dynamodb:Describe* kinesis:Get* kinesis:List* kinesis:Describe* firehose:Get* firehose:List* firehose:Describe* events:Get* events:List* events:Describe* scheduler:Get* scheduler:List* scheduler:Describe* pipes:Get* pipes:List* pipes:Describe* cloudwatch:Get* cloudwatch:List* cloudwatch:Describe* logs:Get* logs:List* logs:Describe* apigateway:Get* apigateway:List* apigateway:Describe* ses:Get* ses:List* ses:Describe* kms:Get* kms:List* kms:Describe* ecs:Get* ecs:List* ecs:Describe* ecr:Get* ecr:List* ecr:Describe* eks:Get* eks:List* eks:Describe* ec2:Get* ec2:List* ec2:Describe* rds:Get* rds:List* rds:Describe* sagemaker:Get* sagemaker:List* sagemaker:Describe* cloudformation:Get* cloudformation:List* cloudformation:Describe* ssm:Get* ssm:List* ssm:Describe* secretsmanager:Get* secretsmanager:List* secretsmanager:Describe* servicequotas:Get* servicequotas:List* servicequotas:Describe* xray:Get* xray:List* xray:Describe* iam:Get* iam:List* iam:Describe* sts:Get* sts:List* sts:Describe* tag:Get* tag:List* tag:Describe* s3:Head* dynamodb:BatchGetItem dynamodb:Query dynamodb:Scan logs:FilterLogEvents logs:StartQuery logs:StopQuery logs:TestMetricFilter events:TestEventPattern xray:BatchGet* iam:Simulate* iam:Generate* sqs:ReceiveMessage"
                .split(separator: " ").map(String.init)),
        Entry(
            name: "SecurityAudit", description: "What a security audit reads.",
            actions:
                "sqs:List* sqs:Describe* sns:List* sns:Describe* lambda:List* lambda:Describe* states:List* states:Describe* s3:List* s3:Describe* dynamodb:List* dynamodb:Describe* kinesis:List* kinesis:Describe* firehose:List* firehose:Describe* events:List* events:Describe* scheduler:List* scheduler:Describe* pipes:List* pipes:Describe* cloudwatch:List* cloudwatch:Describe* logs:List* logs:Describe* apigateway:List* apigateway:Describe* ses:List* ses:Describe* kms:List* kms:Describe* ecs:List* ecs:Describe* ecr:List* ecr:Describe* eks:List* eks:Describe* ec2:List* ec2:Describe* rds:List* rds:Describe* sagemaker:List* sagemaker:Describe* cloudformation:List* cloudformation:Describe* ssm:List* ssm:Describe* secretsmanager:List* secretsmanager:Describe* servicequotas:List* servicequotas:Describe* xray:List* xray:Describe* iam:List* iam:Describe* sts:List* sts:Describe* tag:List* tag:Describe* iam:Get* iam:Generate* iam:Simulate* lambda:GetPolicy lambda:GetFunctionConfiguration s3:GetBucket* kms:Get* sqs:GetQueueAttributes sns:GetTopicAttributes"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/job-function/", name: "SupportUser", description: "What support staff reads.",
            actions:
                "sqs:Get* sqs:List* sqs:Describe* sns:Get* sns:List* sns:Describe* lambda:Get* lambda:List* lambda:Describe* states:Get* states:List* states:Describe* s3:Get* s3:List* s3:Describe* dynamodb:Get* dynamodb:List* dynamodb:Describe* kinesis:Get* kinesis:List* kinesis:Describe* firehose:Get* firehose:List* firehose:Describe* events:Get* events:List* events:Describe* scheduler:Get* scheduler:List* scheduler:Describe* pipes:Get* pipes:List* pipes:Describe* cloudwatch:Get* cloudwatch:List* cloudwatch:Describe* logs:Get* logs:List* logs:Describe* apigateway:Get* apigateway:List* apigateway:Describe* ses:Get* ses:List* ses:Describe* kms:Get* kms:List* kms:Describe* ecs:Get* ecs:List* ecs:Describe* ecr:Get* ecr:List* ecr:Describe* eks:Get* eks:List* eks:Describe* ec2:Get* ec2:List* ec2:Describe* rds:Get* rds:List* rds:Describe* sagemaker:Get* sagemaker:List* sagemaker:Describe* cloudformation:Get* cloudformation:List* cloudformation:Describe* ssm:Get* ssm:List* ssm:Describe* secretsmanager:Get* secretsmanager:List* secretsmanager:Describe* servicequotas:Get* servicequotas:List* servicequotas:Describe* xray:Get* xray:List* xray:Describe* iam:Get* iam:List* iam:Describe* sts:Get* sts:List* sts:Describe* tag:Get* tag:List* tag:Describe* support:*"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/job-function/", name: "SystemAdministrator",
            description: "What administrators of applications need.",
            actions:
                "cloudwatch:* logs:* events:* sqs:* sns:* lambda:* ssm:* ec2:* rds:* kms:* states:* iam:Get* iam:List* iam:PassRole"
                .split(separator: " ").map(String.init)),
        Entry(
            path: "/job-function/", name: "ViewOnlyAccess", description: "Lists and descriptions in all services.",
            actions:
                "sqs:List* sqs:Describe* sns:List* sns:Describe* lambda:List* lambda:Describe* states:List* states:Describe* s3:List* s3:Describe* dynamodb:List* dynamodb:Describe* kinesis:List* kinesis:Describe* firehose:List* firehose:Describe* events:List* events:Describe* scheduler:List* scheduler:Describe* pipes:List* pipes:Describe* cloudwatch:List* cloudwatch:Describe* logs:List* logs:Describe* apigateway:List* apigateway:Describe* ses:List* ses:Describe* kms:List* kms:Describe* ecs:List* ecs:Describe* ecr:List* ecr:Describe* eks:List* eks:Describe* ec2:List* ec2:Describe* rds:List* rds:Describe* sagemaker:List* sagemaker:Describe* cloudformation:List* cloudformation:Describe* ssm:List* ssm:Describe* secretsmanager:List* secretsmanager:Describe* servicequotas:List* servicequotas:Describe* xray:List* xray:Describe* iam:List* iam:Describe* sts:List* sts:Describe* tag:List* tag:Describe*"
                .split(separator: " ").map(String.init)),
    ]
}
