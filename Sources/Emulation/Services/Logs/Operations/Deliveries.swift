import AWSModel
import AWSTypes

// Delivery sources, delivery destinations and the deliveries between them, as other services use them for their own
// logs. They are kept as AWS keeps them; no service here has logs of that kind yet.

extension LogsService {
    private static let source = "delivery-source"
    private static let destination = "delivery-destination"
    private static let delivery = "delivery"
    private static let policyKey = "skuaPolicy"

    func addDeliveries(to table: inout OperationTable) {
        table.on(Logs.putDeliverySource, putDeliverySource)
        table.on(Logs.getDeliverySource, getDeliverySource)
        table.on(Logs.describeDeliverySources, describeDeliverySources)
        table.on(Logs.deleteDeliverySource, deleteDeliverySource)
        table.on(Logs.putDeliveryDestination, putDeliveryDestination)
        table.on(Logs.getDeliveryDestination, getDeliveryDestination)
        table.on(Logs.describeDeliveryDestinations, describeDeliveryDestinations)
        table.on(Logs.deleteDeliveryDestination, deleteDeliveryDestination)
        table.on(Logs.putDeliveryDestinationPolicy, putDeliveryDestinationPolicy)
        table.on(Logs.getDeliveryDestinationPolicy, getDeliveryDestinationPolicy)
        table.on(Logs.deleteDeliveryDestinationPolicy, deleteDeliveryDestinationPolicy)
        table.on(Logs.createDelivery, createDelivery)
        table.on(Logs.getDelivery, getDelivery)
        table.on(Logs.describeDeliveries, describeDeliveries)
        table.on(Logs.deleteDelivery, deleteDelivery)
        table.on(Logs.updateDeliveryConfiguration, updateDeliveryConfiguration)
    }

    private func known(_ kind: String, _ id: String, _ call: Call) throws(ServiceError) -> LogsItem {
        guard let item = item(kind, id, in: call.scope) else {
            let noun =
                switch kind {
                case Self.source: "Delivery Source"
                case Self.destination: "Delivery Destination"
                default: "Delivery"
                }
            throw ServiceError(
                "ResourceNotFoundException", "Requested \(noun) does not exist in this account.")
        }
        return item
    }

    /// Puts a thing of a name; what was put before under it is replaced, tags aside.
    private func put(
        _ kind: String, _ name: String, _ document: DocumentObject, _ tags: [String: String]?, _ call: Call
    ) -> LogsItem {
        let known = item(kind, name, in: call.scope)
        var document = document
        document["name"] = .string(name)
        document["arn"] = .string(call.scope.arn("logs", "\(kind):\(name)"))
        if let policy = known?.document[Self.policyKey] { document[Self.policyKey] = policy }
        var item = LogsItem(scope: call.scope, kind: kind, id: name, document: document, modified: call.time)
        item.tags = tags ?? known?.tags ?? [:]
        save(item)
        return item
    }

    /// With tags where there are any.
    private static func document(_ item: LogsItem) -> DocumentObject {
        var document = item.document
        if !item.tags.isEmpty { document["tags"] = .entries(item.tags, DocumentValue.string) }
        return document
    }

    private func described(_ kind: String, _ id: String, _ call: Call) throws(ServiceError) -> DocumentObject {
        Self.document(try known(kind, id, call))
    }

    private func listed(
        _ kind: String, _ token: String?, _ limit: Int?, _ call: Call
    ) throws(ServiceError) -> (page: [DocumentObject], next: String?) {
        let (page, next) = try Self.page(items(kind, in: call.scope), token, limit: limit) { $0.id }
        return (page.map(Self.document), next)
    }

    /// AWS: what a delivery uses cannot be deleted.
    private func checkUnused(_ key: String, _ value: String?, _ noun: String, _ call: Call) throws(ServiceError) {
        guard items(Self.delivery, in: call.scope).contains(where: { $0.document.string(key) == value }) else { return }
        throw ServiceError(
            "ConflictException", "This operation couldn't be completed because deliveries use this \(noun).")
    }

    // MARK: Sources

    func putDeliverySource(
        _ input: Logs.PutDeliverySourceRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutDeliverySourceResponse {
        guard let arn = ARN(input.resourceArn), arn.service != "s3" else {
            throw ServiceError("ResourceNotFoundException", "Cannot access provided service.")
        }
        if let known = item(Self.source, input.name, in: call.scope),
            known.document.list("resourceArns")?.first?.string != input.resourceArn
        {
            throw ServiceError(
                "ConflictException", "Update of delivery source is not allowed for a different resource.")
        }
        let item = put(
            Self.source, input.name,
            [
                "resourceArns": [.string(input.resourceArn)], "service": .string(arn.service),
                "logType": .string(input.logType),
            ], input.tags, call)
        return Logs.PutDeliverySourceResponse(deliverySource: Logs.DeliverySource(Self.document(item)))
    }

    func getDeliverySource(
        _ input: Logs.GetDeliverySourceRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetDeliverySourceResponse {
        Logs.GetDeliverySourceResponse(
            deliverySource: Logs.DeliverySource(try described(Self.source, input.name, call)))
    }

    func describeDeliverySources(
        _ input: Logs.DescribeDeliverySourcesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeDeliverySourcesResponse {
        let (page, next) = try listed(Self.source, input.nextToken, input.limit, call)
        return Logs.DescribeDeliverySourcesResponse(
            deliverySources: page.map { Logs.DeliverySource($0) }, nextToken: next)
    }

    func deleteDeliverySource(_ input: Logs.DeleteDeliverySourceRequest, _ call: Call) throws(ServiceError) -> Unit {
        let item = try known(Self.source, input.name, call)
        try checkUnused("deliverySourceName", item.id, "delivery source", call)
        _ = removeItem(Self.source, item.id, in: call.scope)
        return Unit()
    }

    // MARK: Destinations

    func putDeliveryDestination(
        _ input: Logs.PutDeliveryDestinationRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutDeliveryDestinationResponse {
        let known = item(Self.destination, input.name, in: call.scope)
        let target =
            input.deliveryDestinationConfiguration?.destinationResourceArn
            ?? known?.document.object("deliveryDestinationConfiguration")?.string("destinationResourceArn")
        guard let target, let arn = ARN(target) else {
            throw .validation("A destination resource ARN is required.")
        }
        let types = ["s3": "S3", "logs": "CWL", "firehose": "FH"]
        guard let type = input.deliveryDestinationType ?? types[arn.service] else {
            throw .validation("Cannot deliver to \(arn.service).")
        }
        // AWS: the format stays as it was made.
        if let format = input.outputFormat, let known, known.document.string("outputFormat") != format {
            throw .validation("Update to existing Delivery Destination with new Output Format is not allowed")
        }
        var document: DocumentObject = [
            "deliveryDestinationType": .string(type),
            "deliveryDestinationConfiguration": ["destinationResourceArn": .string(target)],
        ]
        if let format = input.outputFormat ?? known?.document.string("outputFormat") {
            document["outputFormat"] = .string(format)
        }
        let item = put(Self.destination, input.name, document, input.tags, call)
        return Logs.PutDeliveryDestinationResponse(
            deliveryDestination: Logs.DeliveryDestination(Self.document(item)))
    }

    func getDeliveryDestination(
        _ input: Logs.GetDeliveryDestinationRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetDeliveryDestinationResponse {
        Logs.GetDeliveryDestinationResponse(
            deliveryDestination: Logs.DeliveryDestination(try described(Self.destination, input.name, call)))
    }

    func describeDeliveryDestinations(
        _ input: Logs.DescribeDeliveryDestinationsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeDeliveryDestinationsResponse {
        let (page, next) = try listed(Self.destination, input.nextToken, input.limit, call)
        return Logs.DescribeDeliveryDestinationsResponse(
            deliveryDestinations: page.map { Logs.DeliveryDestination($0) }, nextToken: next)
    }

    func deleteDeliveryDestination(
        _ input: Logs.DeleteDeliveryDestinationRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        let item = try known(Self.destination, input.name, call)
        try checkUnused("deliveryDestinationArn", item.document.string("arn"), "delivery destination", call)
        _ = removeItem(Self.destination, item.id, in: call.scope)
        return Unit()
    }

    func putDeliveryDestinationPolicy(
        _ input: Logs.PutDeliveryDestinationPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutDeliveryDestinationPolicyResponse {
        var item = try known(Self.destination, input.deliveryDestinationName, call)
        guard (try? JSONReader.parse(input.deliveryDestinationPolicy))?.object != nil else {
            throw .validation("The policy is no JSON object.")
        }
        item.document[Self.policyKey] = .string(input.deliveryDestinationPolicy)
        save(item)
        return Logs.PutDeliveryDestinationPolicyResponse(
            policy: Logs.Policy(deliveryDestinationPolicy: input.deliveryDestinationPolicy))
    }

    func getDeliveryDestinationPolicy(
        _ input: Logs.GetDeliveryDestinationPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetDeliveryDestinationPolicyResponse {
        let item = try known(Self.destination, input.deliveryDestinationName, call)
        return Logs.GetDeliveryDestinationPolicyResponse(
            policy: Logs.Policy(deliveryDestinationPolicy: item.document.string(Self.policyKey)))
    }

    func deleteDeliveryDestinationPolicy(
        _ input: Logs.DeleteDeliveryDestinationPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        var item = try known(Self.destination, input.deliveryDestinationName, call)
        item.document[Self.policyKey] = nil
        save(item)
        return Unit()
    }

    // MARK: Deliveries

    func createDelivery(
        _ input: Logs.CreateDeliveryRequest, _ call: Call
    ) throws(ServiceError) -> Logs.CreateDeliveryResponse {
        let source = try known(Self.source, input.deliverySourceName, call)
        let all = items(Self.destination, in: call.scope)
        guard let destination = all.first(where: { $0.document.string("arn") == input.deliveryDestinationArn }) else {
            throw ServiceError(
                "ResourceNotFoundException", "Requested Delivery Destination does not exist in this account.")
        }
        let type = destination.document.string("deliveryDestinationType") ?? ""
        let isTwin = items(Self.delivery, in: call.scope).contains {
            $0.document.string("deliverySourceName") == source.id
                && $0.document.string("deliveryDestinationType") == type
        }
        if isTwin {
            throw ServiceError("ConflictException", "Delivery already exists")
        }
        let id = core.identifiers.upperAlphanumeric(16)
        var document = input.document
        document["tags"] = nil
        document["id"] = .string(id)
        document["arn"] = .string(call.scope.arn("logs", "delivery:\(id)"))
        document["deliveryDestinationType"] = .string(type)
        var item = LogsItem(
            scope: call.scope, kind: Self.delivery, id: id, document: document, modified: call.time)
        item.tags = input.tags ?? [:]
        save(item)
        return Logs.CreateDeliveryResponse(delivery: Logs.Delivery(Self.document(item)))
    }

    func getDelivery(_ input: Logs.GetDeliveryRequest, _ call: Call) throws(ServiceError) -> Logs.GetDeliveryResponse {
        Logs.GetDeliveryResponse(delivery: Logs.Delivery(try described(Self.delivery, input.id, call)))
    }

    func describeDeliveries(
        _ input: Logs.DescribeDeliveriesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeDeliveriesResponse {
        let (page, next) = try listed(Self.delivery, input.nextToken, input.limit, call)
        return Logs.DescribeDeliveriesResponse(
            deliveries: page.map { Logs.Delivery($0) }, nextToken: next)
    }

    func deleteDelivery(_ input: Logs.DeleteDeliveryRequest, _ call: Call) throws(ServiceError) -> Unit {
        let item = try known(Self.delivery, input.id, call)
        _ = removeItem(Self.delivery, item.id, in: call.scope)
        return Unit()
    }

    func updateDeliveryConfiguration(
        _ input: Logs.UpdateDeliveryConfigurationRequest, _ call: Call
    ) throws(ServiceError) -> Logs.UpdateDeliveryConfigurationResponse {
        var item = try known(Self.delivery, input.id, call)
        for (key, value) in input.document where key != "id" { item.document[key] = value }
        save(item)
        return Logs.UpdateDeliveryConfigurationResponse()
    }
}
