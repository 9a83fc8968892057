import AWSClient
import AWSModel
import AWSTypes
import Emulation

/// Builds the demo world through the same API that everybody uses: an order pipeline of queue → function →
/// state machine → functions → queue, with a few things gone wrong on purpose.
struct DemoWorld: Sendable {
    let client: AWSClient
    let accountID: String
    let region: String
    /// Node handlers run where Node is; elsewhere Python takes their place.
    let hasNode: Bool

    func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):\(region):\(accountID):\(resource)"
    }

    /// Builds everything. `progress` hears what is being made.
    func build(progress: (String) -> Void = { _ in }) async throws {
        progress("role")
        let role = try await makePipelineRole()
        progress("queues")
        let queues = try await makeQueues()
        progress("topic")
        let topic = try await makeTopic()
        progress("functions")
        try await makeFunctions(role: role)
        progress("state machine")
        let workflow = try await makeWorkflow(role: role, topic: topic)
        progress("triggers")
        try await makeTriggers()
        progress("dashboard")
        try await makeDashboard()
        progress("wires")
        try await makeWires()
        progress("things gone wrong")
        try await plantFaults(workflow: workflow, queues: queues, role: role)
        progress("traffic")
        try await startTraffic()
    }

    struct Queues {
        var orders: String
        var shipments: String
        var returns: String
        var approvals: String
    }

    private func makePipelineRole() async throws -> String {
        let allowed = [
            ("lambda:InvokeFunction", arn("lambda", "function:*")), ("sns:Publish", arn("sns", "order-events")),
            ("states:StartExecution", arn("states", "stateMachine:*")),
        ]
        let role = try await makeRole("order-pipeline", allowing: allowed)
        for policy in ["AWSLambdaBasicExecutionRole", "AWSLambdaSQSQueueExecutionRole"] {
            _ = try await client.call(
                IAM.attachRolePolicy,
                IAM.AttachRolePolicyRequest(
                    roleName: "order-pipeline", policyArn: "arn:aws:iam::aws:policy/service-role/\(policy)"))
        }
        return role
    }

    /// A role for these services that may do these actions on these resources, and nothing else.
    func makeRole(
        _ name: String, for services: [String] = ["lambda", "states"],
        allowing allowed: [(action: String, resource: String)]
    ) async throws -> String {
        let principals = services.map { #""\#($0).amazonaws.com""# }.joined(separator: ",")
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":[\#(principals)]},"Action":"sts:AssumeRole"}]}"#
        _ = try await client.call(
            IAM.createRole, IAM.CreateRoleRequest(roleName: name, assumeRolePolicyDocument: trust))
        let statements = allowed.map {
            #"{"Effect":"Allow","Action":"\#($0.action)","Resource":"\#($0.resource)"}"#
        }
        _ = try await client.call(
            IAM.putRolePolicy,
            IAM.PutRolePolicyRequest(
                roleName: name, policyName: name,
                policyDocument: #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#))
        return "arn:aws:iam::\(accountID):role/\(name)"
    }

    private func makeQueues() async throws -> Queues {
        func create(_ name: String, _ attributes: [String: String]) async throws -> String {
            let request = SQS.CreateQueueRequest(queueName: name, attributes: attributes)
            return try await client.call(SQS.createQueue, request).queueUrl ?? ""
        }
        _ = try await create("orders-dead", ["MessageRetentionPeriod": "1209600"])
        let redrive = #"{"deadLetterTargetArn":"\#(arn("sqs", "orders-dead"))","maxReceiveCount":3}"#
        func fromTopic(_ queue: String) -> String {
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"\#(arn("sqs", queue))","Condition":{"ArnEquals":{"aws:SourceArn":"\#(arn("sns", "order-events"))"}}}]}"#
        }
        _ = try await create(
            "notifications", ["VisibilityTimeout": "60", "Policy": fromTopic("notifications")])
        _ = try await create("analytics", ["Policy": fromTopic("analytics")])
        return Queues(
            orders: try await create("orders", ["VisibilityTimeout": "60", "RedrivePolicy": redrive]),
            shipments: try await create(
                "shipments.fifo",
                ["FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "43200"]),
            returns: try await create("returns", [:]), approvals: try await create("approvals", [:]))
    }

    /// The workflow's news: each customer is told, and analytics ought to hear of the end of each order.
    private func makeTopic() async throws -> String {
        let topic = try await client.call(SNS.createTopic, SNS.CreateTopicInput(name: "order-events")).topicArn ?? ""
        for (queue, attributes) in [
            ("notifications", ["RawMessageDelivery": "true"]),
            // Nothing is ever published with these: the statuses are written otherwise.
            ("analytics", ["FilterPolicy": #"{"status":["ON_ITS_WAY","REJECTED"]}"#]),
        ] {
            _ = try await client.call(
                SNS.subscribe,
                SNS.SubscribeInput(
                    topicArn: topic, protocol: "sqs", endpoint: arn("sqs", queue), attributes: attributes))
        }
        return topic
    }

    private func makeFunctions(role: String) async throws {
        let layer = try await client.call(
            Lambda.publishLayerVersion,
            Lambda.PublishLayerVersionRequest(
                layerName: "pricing", description: "Prices shared by the order functions",
                content: Lambda.LayerVersionContentInput(
                    zipFile: LambdaService.deploymentPackage(sources: ["python/pricing.py": DemoSources.pricingLayer])),
                compatibleRuntimes: ["python3.13"]))
        let layers = layer.layerVersionArn.map { [$0] }
        try await makeFunction(
            "receive-order", DemoSources.receiveOrder, role: role, timeout: 10,
            variables: ["WORKFLOW_ARN": arn("states", "stateMachine:order-fulfilment")],
            description: "Starts the workflow for each order")
        try await makeFunction(
            "price-order", DemoSources.priceOrder, role: role, layers: layers, description: "Adds up an order")
        try await makeFunction(
            "reserve-stock", DemoSources.reserveStock, role: role, layers: layers, description: "Takes items from stock"
        )
        try await makeFunction(
            "charge-card", DemoSources.chargeCard, role: role, description: "Charges the customer's card")
        if hasNode {
            try await makeFunction(
                "notify-customer", DemoSources.notifyCustomer, role: role, runtime: "nodejs22.x",
                description: "Writes to the customer")
        } else {
            try await makeFunction(
                "notify-customer", DemoSources.notifyCustomerPython, role: role, description: "Writes to the customer")
        }
        try await makeAlias()
    }

    func makeFunction(
        _ name: String, _ source: String, role: String, runtime: String = "python3.13", timeout: Int = 3,
        variables: [String: String]? = nil, layers: [String]? = nil, description: String
    ) async throws {
        let file = runtime.hasPrefix("nodejs") ? "index.js" : "index.py"
        _ = try await client.call(
            Lambda.createFunction,
            Lambda.CreateFunctionRequest(
                functionName: name, runtime: runtime, role: role, handler: "index.handler",
                code: Lambda.FunctionCode(zipFile: LambdaService.deploymentPackage(sources: [file: source])),
                description: description,
                timeout: timeout, memorySize: 256, environment: variables.map { Lambda.Environment(variables: $0) },
                tags: ["project": "demo"], layers: layers))
        try await client.waitUntilFunctionIsReady(name)
    }

    /// Two versions of `charge-card`, nine calls in ten to the first.
    private func makeAlias() async throws {
        let name = "charge-card"
        let first = try await client.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: name))
        _ = try await client.call(
            Lambda.updateFunctionCode,
            Lambda.UpdateFunctionCodeRequest(
                functionName: name,
                zipFile: LambdaService.deploymentPackage(sources: ["index.py": DemoSources.chargeCardNext])))
        try await client.waitUntilFunctionIsReady(name)
        let second = try await client.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: name))
        _ = try await client.call(
            Lambda.createAlias,
            Lambda.CreateAliasRequest(
                functionName: name, name: "live", functionVersion: first.version ?? "1",
                routingConfig: Lambda.AliasRoutingConfiguration(additionalVersionWeights: [second.version ?? "2": 0.1]))
        )
    }

    private func makeWorkflow(role: String, topic: String) async throws -> String {
        let definition = DemoSources.workflow
            .replacing("${PRICE}", with: arn("lambda", "function:price-order"))
            .replacing("${CHARGE}", with: arn("lambda", "function:charge-card:live"))
            .replacing("${RESERVE}", with: arn("lambda", "function:reserve-stock"))
            .replacing("${TOPIC}", with: topic)
        return try await client.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(name: "order-fulfilment", definition: definition, roleArn: role)
        ).stateMachineArn
    }

    private func makeTriggers() async throws {
        for (queue, function) in [("orders", "receive-order"), ("notifications", "notify-customer")] {
            _ = try await client.call(
                Lambda.createEventSourceMapping,
                Lambda.CreateEventSourceMappingRequest(
                    eventSourceArn: arn("sqs", queue), functionName: function, batchSize: queue == "orders" ? 1 : 10))
        }
    }

    private func startTraffic() async throws {
        _ = try await client.call(
            Skua.putTrafficSource,
            Skua.PutTrafficSourceRequest(
                name: "customers", description: "Customers order something every few seconds",
                targetArn: arn("sqs", "orders"), intervalSeconds: 4, bodies: DemoSources.orders))
        _ = try await client.call(
            Skua.putTrafficSource,
            Skua.PutTrafficSourceRequest(
                name: "carrier", description: "The carrier scans parcels",
                targetArn: arn("sqs", "carrier-scans"), intervalSeconds: 7, bodies: DemoSources.scans))
    }
}

extension DemoWorld {
    /// The demo of an engine in this process.
    init(engine: LocalEngine, options: LocalEngine.Options) {
        self.init(
            client: engine.client(accountID: options.accountID, region: options.region, isReadOnly: false),
            accountID: options.accountID, region: options.region,
            hasNode: engine.canRun(runtime: "nodejs22.x"))
    }
}
