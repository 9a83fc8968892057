/// What a Task's `Resource` names.
public enum TaskResource: Sendable, Hashable {
    /// `arn:aws:lambda:…:function:name[:qualifier]`
    case lambdaFunction(String)
    /// `arn:aws:states:…:activity:name`
    case activity(String)
    /// `arn:aws:states:::service:action[.pattern]`
    case integration(ServiceIntegration)

    public var arn: String {
        switch self {
        case .lambdaFunction(let arn), .activity(let arn): arn
        case .integration(let integration): integration.arn
        }
    }

    /// Whether history tells that the request went out before it tells the result.
    public var isSubmitted: Bool {
        guard case .integration(let integration) = self else { return false }
        return integration.pattern != .requestResponse
    }

    init?(arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 7, parts[0] == "arn" else { return nil }
        switch (parts[2], parts[5]) {
        case ("lambda", "function"):
            let name = parts[6].split(separator: ":", omittingEmptySubsequences: false)
            guard name.count <= 2, name.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isFunctionNameByte) })
            else { return nil }
            self = .lambdaFunction(arn)
        case ("states", "activity"):
            self = .activity(arn)
        case ("states", let service):
            guard let integration = ServiceIntegration(arn: arn, service: service, action: parts[6])
            else { return nil }
            self = .integration(integration)
        default: return nil
        }
    }

    private static func isFunctionNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: byte == UInt8(ascii: "$")
        }
    }
}

public struct ServiceIntegration: Sendable, Hashable {
    public enum Pattern: String, Sendable, Hashable {
        case requestResponse = ""
        case sync = ".sync"
        case sync2 = ".sync:2"
        case waitForTaskToken = ".waitForTaskToken"
    }

    public let arn: String
    /// `lambda`, `sqs`, `aws-sdk:dynamodb`: history's `resourceType`.
    public let service: String
    /// `invoke`, without the pattern.
    public let action: String
    public let pattern: Pattern

    /// `invoke.waitForTaskToken`: history's `resource`.
    public var resource: String { action + pattern.rawValue }

    init?(arn: String, service: String, action: String) {
        var service = service
        var action = action
        if service == "aws-sdk" {
            let parts = action.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            service = "aws-sdk:\(parts[0])"
            action = parts[1]
        }
        var pattern = Pattern.requestResponse
        for candidate in [Pattern.sync2, .sync, .waitForTaskToken] where action.hasSuffix(candidate.rawValue) {
            action.removeLast(candidate.rawValue.count)
            pattern = candidate
            break
        }
        guard !action.isEmpty, Self.isKnown(service: service, action: action, pattern: pattern) else { return nil }
        self.arn = arn
        self.service = service
        self.action = action
        self.pattern = pattern
    }

    private static func isKnown(service: String, action: String, pattern: Pattern) -> Bool {
        if service.hasPrefix("aws-sdk:") { return pattern == .requestResponse || pattern == .waitForTaskToken }
        return optimized[service]?.contains { $0.actions.contains(action) && $0.patterns.contains(pattern) } ?? false
    }

    private typealias Entry = (actions: Set<String>, patterns: Set<Pattern>)

    /// AWS: the optimized integrations and the patterns each supports.
    private static let optimized: [String: [Entry]] = [
        "lambda": [(["invoke"], [.requestResponse, .waitForTaskToken])],
        "sqs": [(["sendMessage"], [.requestResponse, .waitForTaskToken])],
        "sns": [(["publish"], [.requestResponse, .waitForTaskToken])],
        "events": [(["putEvents"], [.requestResponse, .waitForTaskToken])],
        "dynamodb": [(["getItem", "putItem", "updateItem", "deleteItem"], [.requestResponse])],
        "states": [(["startExecution"], [.requestResponse, .sync, .sync2, .waitForTaskToken])],
        "ecs": [(["runTask"], [.requestResponse, .sync, .waitForTaskToken])],
        "eks": [
            (["call"], [.requestResponse, .waitForTaskToken]),
            (["runJob"], [.requestResponse, .sync, .waitForTaskToken]),
            (
                [
                    "createCluster", "createFargateProfile", "createNodegroup", "deleteCluster", "deleteFargateProfile",
                    "deleteNodegroup",
                ],
                [.requestResponse, .sync]
            ),
        ],
        "batch": [(["submitJob"], [.requestResponse, .sync, .waitForTaskToken])],
        "sagemaker": [
            (
                [
                    "createTrainingJob", "createTransformJob", "createProcessingJob", "createLabelingJob",
                    "createHyperParameterTuningJob",
                ],
                [.requestResponse, .sync]
            ),
            (["createEndpoint", "createModel", "createEndpointConfig", "updateEndpoint"], [.requestResponse]),
        ],
        "apigateway": [(["invoke"], [.requestResponse, .waitForTaskToken])],
        "http": [(["invoke"], [.requestResponse])],
        "glue": [(["startJobRun"], [.requestResponse, .sync])],
        "databrew": [(["startJobRun"], [.requestResponse, .sync])],
        "athena": [
            (["startQueryExecution"], [.requestResponse, .sync]),
            (["stopQueryExecution", "getQueryExecution", "getQueryResults"], [.requestResponse]),
        ],
        "codebuild": [
            (["startBuild", "startBuildBatch"], [.requestResponse, .sync]),
            (
                [
                    "stopBuild", "batchDeleteBuilds", "batchGetReports", "stopBuildBatch", "retryBuildBatch",
                    "deleteBuildBatch",
                ],
                [.requestResponse]
            ),
        ],
        "elasticmapreduce": [
            (["createCluster", "terminateCluster", "addStep"], [.requestResponse, .sync]),
            (
                [
                    "cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName",
                    "modifyInstanceGroupByName",
                ],
                [.requestResponse]
            ),
        ],
        "emr-containers": [
            (["createVirtualCluster", "deleteVirtualCluster", "startJobRun"], [.requestResponse, .sync])
        ],
        "emr-serverless": [
            (
                [
                    "createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun",
                    "cancelJobRun",
                ],
                [.requestResponse, .sync]
            )
        ],
        "bedrock": [
            (["invokeModel"], [.requestResponse]),
            (["createModelCustomizationJob"], [.requestResponse, .sync]),
        ],
        "mediaconvert": [(["createJob"], [.requestResponse, .sync])],
    ]
}
