import AWSModel

/// Managed policies that AWS provides and serverless projects attach. The documents are ours: they grant what the
/// policy's name promises, in fewer statements than AWS's.
enum AWSManagedPolicies {
    struct Entry {
        var path = "/"
        var name: String
        var description: String
        var actions: [String]
        /// Whether the actions are those that it does not grant.
        var isNegated = false
    }

    private static let logging = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    private static let networking = [
        "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
    ]

    private static let entries: [Entry] =
        [
            Entry(
                path: "/service-role/", name: "AWSLambdaBasicExecutionRole",
                description: "Write permissions to CloudWatch Logs.", actions: logging),
            Entry(
                path: "/service-role/", name: "AWSLambdaSQSQueueExecutionRole",
                description: "Receive, delete and read attributes of SQS queues, and write to CloudWatch Logs.",
                actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] + logging),
            Entry(
                path: "/service-role/", name: "AWSLambdaKinesisExecutionRole",
                description: "Read Kinesis streams, and write to CloudWatch Logs.",
                actions: [
                    "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords",
                    "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams", "kinesis:SubscribeToShard",
                ] + logging),
            Entry(
                path: "/service-role/", name: "AWSLambdaDynamoDBExecutionRole",
                description: "Read DynamoDB streams, and write to CloudWatch Logs.",
                actions: [
                    "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ] + logging),
            Entry(
                path: "/service-role/", name: "AWSLambdaVPCAccessExecutionRole",
                description: "Manage network interfaces in a VPC, and write to CloudWatch Logs.",
                actions: logging + networking),
            Entry(
                path: "/service-role/", name: "AWSLambdaENIManagementAccess",
                description: "Manage network interfaces in a VPC.", actions: networking),
            Entry(
                path: "/service-role/", name: "AWSLambdaRole", description: "Invoke Lambda functions.",
                actions: ["lambda:InvokeFunction"]),
            Entry(
                name: "AWSLambdaExecute", description: "Write to CloudWatch Logs, and get and put S3 objects.",
                actions: ["logs:*", "s3:GetObject", "s3:PutObject"]),
            Entry(
                name: "AWSLambdaInvocation-DynamoDB", description: "Read DynamoDB streams and invoke Lambda functions.",
                actions: [
                    "lambda:InvokeFunction", "dynamodb:DescribeStream", "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator", "dynamodb:ListStreams",
                ]),
            Entry(
                name: "AWSLambda_FullAccess", description: "Full access to Lambda and to what its console uses.",
                actions: [
                    "lambda:*", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
                    "iam:ListRolePolicies",
                    "iam:ListRoles", "iam:PassRole", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
                    "logs:FilterLogEvents", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics",
                    "states:ListStateMachines",
                    "states:DescribeStateMachine", "tag:GetResources", "xray:BatchGetTraces", "xray:GetTraceSummaries",
                ]),
            Entry(
                name: "AWSLambda_ReadOnlyAccess", description: "Read access to Lambda and to what its console uses.",
                actions: [
                    "lambda:Get*", "lambda:List*", "iam:GetRole", "iam:ListRoles", "logs:DescribeLogGroups",
                    "logs:DescribeLogStreams", "logs:FilterLogEvents", "cloudwatch:GetMetricData",
                    "cloudwatch:ListMetrics",
                ]),
            Entry(
                name: "AWSStepFunctionsConsoleFullAccess",
                description: "Full access to Step Functions for console users.",
                actions: ["states:*", "iam:ListRoles", "iam:PassRole", "lambda:ListFunctions"]),
            Entry(
                path: "/service-role/", name: "AWSLambdaMSKExecutionRole",
                description: "Read MSK clusters, and write to CloudWatch Logs.",
                actions: ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"] + networking
                    + logging),
            Entry(
                path: "/service-role/", name: "AmazonAPIGatewayPushToCloudWatchLogs",
                description: "Write API Gateway's logs to CloudWatch Logs.",
                actions: logging + [
                    "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents",
                ]),
            Entry(
                path: "/service-role/", name: "AmazonECSTaskExecutionRolePolicy",
                description: "Pull images from ECR and write to CloudWatch Logs.",
                actions: [
                    "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer",
                    "ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents",
                ]),
            Entry(
                name: "AWSXRayDaemonWriteAccess", description: "Send traces to X-Ray.",
                actions: [
                    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules",
                    "xray:GetSamplingTargets",
                    "xray:GetSamplingStatisticSummaries",
                ]),
            Entry(
                name: "CloudWatchAgentServerPolicy", description: "What the CloudWatch agent needs.",
                actions: ["cloudwatch:PutMetricData", "logs:DescribeLogGroups", "logs:DescribeLogStreams"] + logging),
            Entry(
                name: "PowerUserAccess", description: "Full access to all services except IAM and Organizations.",
                actions: ["iam:*", "organizations:*", "account:*"], isNegated: true),
            Entry(
                name: "AdministratorAccess", description: "Full access to all services and resources.", actions: ["*"]),
        ]
        + fullAccess.map { Entry(name: $0.name, description: "Full access to \($0.title).", actions: $0.actions) }
        + readOnly.map { Entry(name: $0.name, description: "Read access to \($0.title).", actions: $0.actions) }
        + further

    private static let fullAccess: [(name: String, title: String, actions: [String])] = [
        ("AmazonSQSFullAccess", "SQS", ["sqs:*"]), ("AmazonSNSFullAccess", "SNS", ["sns:*"]),
        ("AmazonS3FullAccess", "S3", ["s3:*", "s3-object-lambda:*"]),
        ("AmazonDynamoDBFullAccess", "DynamoDB", ["dynamodb:*"]),
        ("AmazonKinesisFullAccess", "Kinesis", ["kinesis:*"]),
        ("AmazonKinesisFirehoseFullAccess", "Firehose", ["firehose:*"]),
        (
            "AmazonEventBridgeFullAccess", "EventBridge",
            ["events:*", "schemas:*", "scheduler:*", "pipes:*", "iam:PassRole"]
        ),
        ("AmazonEventBridgeSchedulerFullAccess", "EventBridge Scheduler", ["scheduler:*", "iam:PassRole"]),
        ("AWSStepFunctionsFullAccess", "Step Functions", ["states:*"]),
        ("CloudWatchLogsFullAccess", "CloudWatch Logs", ["logs:*", "cloudwatch:GenerateQuery"]),
        (
            "CloudWatchFullAccess", "CloudWatch",
            [
                "autoscaling:Describe*", "cloudwatch:*", "logs:*", "sns:*", "iam:GetPolicy", "iam:GetRole",
            ]
        ),
        (
            "CloudWatchFullAccessV2", "CloudWatch",
            ["cloudwatch:*", "logs:*", "sns:CreateTopic", "sns:Subscribe", "xray:*"]
        ),
        ("AmazonSESFullAccess", "SES", ["ses:*"]), ("AmazonSSMFullAccess", "Systems Manager", ["ssm:*"]),
        ("AmazonECS_FullAccess", "ECS", ["ecs:*", "iam:PassRole", "logs:CreateLogGroup"]),
        ("AmazonEC2ContainerRegistryFullAccess", "ECR", ["ecr:*"]),
        ("AmazonSageMakerFullAccess", "SageMaker", ["sagemaker:*"]),
        ("AmazonAPIGatewayAdministrator", "API Gateway management", ["apigateway:*"]),
        ("AmazonAPIGatewayInvokeFullAccess", "invoking APIs", ["execute-api:Invoke", "execute-api:ManageConnections"]),
        ("AWSCloudFormationFullAccess", "CloudFormation", ["cloudformation:*"]), ("IAMFullAccess", "IAM", ["iam:*"]),
        ("SecretsManagerReadWrite", "Secrets Manager", ["secretsmanager:*"]),
        ("AWSXrayFullAccess", "X-Ray", ["xray:*"]),
        (
            "AWSKeyManagementServicePowerUser", "KMS keys",
            [
                "kms:CreateAlias", "kms:CreateKey", "kms:DeleteAlias", "kms:Describe*", "kms:GenerateRandom",
                "kms:Get*",
                "kms:List*", "kms:TagResource", "kms:UntagResource",
            ]
        ),
    ]

    private static let readOnly: [(name: String, title: String, actions: [String])] = [
        ("AmazonSQSReadOnlyAccess", "SQS", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:List*"]),
        ("AmazonSNSReadOnlyAccess", "SNS", ["sns:Get*", "sns:List*"]),
        ("AmazonS3ReadOnlyAccess", "S3", ["s3:Get*", "s3:List*", "s3:Describe*"]),
        (
            "AmazonDynamoDBReadOnlyAccess", "DynamoDB",
            [
                "dynamodb:BatchGetItem", "dynamodb:Describe*", "dynamodb:GetItem", "dynamodb:List*", "dynamodb:Query",
                "dynamodb:Scan", "dynamodb:PartiQLSelect",
            ]
        ),
        ("AmazonKinesisReadOnlyAccess", "Kinesis", ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"]),
        (
            "AmazonEventBridgeReadOnlyAccess", "EventBridge",
            ["events:Describe*", "events:List*", "events:TestEventPattern"]
        ),
        ("AWSStepFunctionsReadOnlyAccess", "Step Functions", ["states:Describe*", "states:Get*", "states:List*"]),
        (
            "CloudWatchLogsReadOnlyAccess", "CloudWatch Logs",
            [
                "logs:Describe*", "logs:Get*", "logs:List*", "logs:StartQuery", "logs:StopQuery",
                "logs:TestMetricFilter",
                "logs:FilterLogEvents", "logs:StartLiveTail", "logs:StopLiveTail",
            ]
        ),
        (
            "CloudWatchReadOnlyAccess", "CloudWatch",
            [
                "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "logs:Describe*", "logs:Get*",
                "logs:List*",
                "logs:FilterLogEvents",
            ]
        ),
        ("AmazonSSMReadOnlyAccess", "Systems Manager", ["ssm:Describe*", "ssm:Get*", "ssm:List*"]),
        ("AmazonEC2ContainerRegistryReadOnly", "ECR", ["ecr:Get*", "ecr:Describe*", "ecr:List*", "ecr:Batch*"]),
        ("IAMReadOnlyAccess", "IAM", ["iam:Get*", "iam:List*", "iam:Simulate*"]),
    ]

    /// AWS keeps these in an account of its own, the same for everybody.
    static let all: [ManagedPolicy] = entries.compactMap(policy).sorted { $0.name < $1.name }

    private static let byArn = Dictionary(all.map { ($0.arn, $0) }, uniquingKeysWith: { first, _ in first })

    /// Any partition's form of the ARN names the policy.
    static func policy(arn: String) -> ManagedPolicy? {
        if let policy = byArn[arn] { return policy }
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "iam", parts[4] == "aws" else { return nil }
        return byArn["arn:aws:iam::aws:\(parts[5])"]
    }

    private static let createDate = CalendarDate(year: 2015, month: 2, day: 6, hour: 18, minute: 40).instant

    private static func policy(_ entry: Entry) -> ManagedPolicy? {
        let document: DocumentValue = [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Effect": "Allow",
                    entry.isNegated ? "NotAction" : "Action": .list(entry.actions.map { .string($0) }), "Resource": "*",
                ]
            ],
        ]
        guard let parsed = try? PolicyDocument(JSONWriter.string(document), kind: .identity) else { return nil }
        let history = history[entry.name]
        let createDate = history.flatMap { Instant(iso8601: $0.created) } ?? createDate
        let version = history?.version ?? 1
        return ManagedPolicy(
            accountID: "", name: entry.name, path: entry.path, id: identifier(entry.name),
            arn: "arn:aws:iam::aws:policy\(entry.path)\(entry.name)", description: entry.description,
            createDate: createDate, updateDate: createDate,
            versions: [ManagedPolicy.Version(number: version, document: parsed, createDate: createDate)],
            defaultVersion: version, lastVersion: version)
    }

    /// The same in every world: `ANPA` and 17 characters from the name (FNV-1a, spread by a linear congruence).
    private static func identifier(_ name: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var text = "ANPA"
        for _ in 0..<17 {
            hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text.unicodeScalars.append(UnicodeScalar(alphabet[Int(hash >> 59)]))
        }
        return text
    }
}
