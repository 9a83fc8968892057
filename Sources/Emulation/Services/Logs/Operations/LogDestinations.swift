import AWSModel
import AWSTypes

// PutDestination, PutDestinationPolicy, DescribeDestinations, DeleteDestination.

extension LogsService {
    static let destinationKind = "destination"

    func putDestination(
        _ input: Logs.PutDestinationRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutDestinationResponse {
        guard let target = ARN(input.targetArn), ["kinesis", "firehose"].contains(target.service) else {
            throw .invalidParameter("targetArn for vendor \(ARN(input.targetArn)?.service ?? "") cannot be used.")
        }
        let known = item(Self.destinationKind, input.destinationName, in: call.scope)
        var document = known?.document ?? [:]
        document["targetArn"] = .string(input.targetArn)
        document["roleArn"] = .string(input.roleArn)
        if document["creationTime"] == nil { document["creationTime"] = .integer(call.time.epochMilliseconds) }
        var item = LogsItem(
            scope: call.scope, kind: Self.destinationKind, id: input.destinationName, document: document,
            modified: call.time)
        if let tags = input.tags { item.tags = tags }
        save(item)
        core.attribute(call, to: Self.arn(ofDestination: item))
        return Logs.PutDestinationResponse(destination: Self.destination(item))
    }

    private static func arn(ofDestination item: LogsItem) -> String {
        item.scope.arn("logs", "destination:\(item.id)")
    }

    private static func destination(_ item: LogsItem) -> Logs.Destination {
        Logs.Destination(
            destinationName: item.id, targetArn: item.document.string("targetArn"),
            roleArn: item.document.string("roleArn"), accessPolicy: item.document.string("accessPolicy"),
            arn: arn(ofDestination: item), creationTime: item.document.integer("creationTime"))
    }

    func putDestinationPolicy(_ input: Logs.PutDestinationPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard var item = item(Self.destinationKind, input.destinationName, in: call.scope) else {
            throw Self.noDestination
        }
        guard (try? JSONReader.parse(input.accessPolicy))?.object != nil else {
            throw .invalidParameter("The access policy is no JSON object.")
        }
        item.document["accessPolicy"] = .string(input.accessPolicy)
        save(item)
        return Unit()
    }

    private static var noDestination: ServiceError {
        ServiceError("ResourceNotFoundException", "The specified destination does not exist.")
    }

    func describeDestinations(
        _ input: Logs.DescribeDestinationsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeDestinationsResponse {
        let found = items(Self.destinationKind, in: call.scope).filter {
            $0.id.hasPrefix(input.destinationNamePrefix ?? "")
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.limit) { $0.id }
        return Logs.DescribeDestinationsResponse(destinations: page.map(Self.destination), nextToken: next)
    }

    func deleteDestination(_ input: Logs.DeleteDestinationRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard removeItem(Self.destinationKind, input.destinationName, in: call.scope) else {
            throw Self.noDestination
        }
        return Unit()
    }
}
