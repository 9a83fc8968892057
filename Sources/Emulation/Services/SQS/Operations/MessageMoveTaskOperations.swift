import AWSModel
import AWSTypes

extension SQSService {
    func startMessageMoveTask(
        _ input: SQS.StartMessageMoveTaskRequest, _ call: Call
    ) throws(ServiceError) -> SQS.StartMessageMoveTaskResult {
        let source = try moveQueue(input.sourceArn, "SourceArn", call)
        guard !sources(ofDeadLetterQueue: source.arn).isEmpty else {
            throw .invalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
        }
        if let arn = input.destinationArn {
            let destination = try moveQueue(arn, "DestinationArn", call)
            guard destination !== source else {
                throw .invalidParameterValue("Source queue arn and destination queue arn cannot be the same.")
            }
            guard destination.isFIFO == source.isFIFO else {
                throw .invalidParameterValue(
                    "The source queue and destination queue must be of the same queue type.")
            }
        }
        if let rate = input.maxNumberOfMessagesPerSecond, !(1...SQSLimits.moveRate).contains(rate) {
            throw .invalidParameterValue(
                "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and \(SQSLimits.moveRate)."
            )
        }
        guard !moveTasks.values.contains(where: { $0.sourceArn == source.arn && $0.status.isActive }) else {
            throw .invalidParameterValue(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
            )
        }
        let task = MessageMoveTask(
            id: core.identifiers.uuid(), sourceArn: source.arn,
            destinationArn: input.destinationArn,
            rate: input.maxNumberOfMessagesPerSecond, startedAt: core.now, toMove: source.readyCount, now: core.now)
        moveTasks[task.id] = task
        record(task)
        scheduleStep(of: task)
        core.attribute(call, to: source.arn, detail: "\(task.toMove) messages")
        return SQS.StartMessageMoveTaskResult(taskHandle: task.handle)
    }

    func cancelMessageMoveTask(
        _ input: SQS.CancelMessageMoveTaskRequest, _ call: Call
    ) throws(ServiceError) -> SQS.CancelMessageMoveTaskResult {
        guard !input.taskHandle.isEmpty else { throw .missingParameter("TaskHandle") }
        guard let (id, sourceArn) = MessageMoveTask.parse(handle: input.taskHandle) else {
            throw .invalidParameterValue("Value for parameter TaskHandle is invalid.")
        }
        core.attribute(call, to: sourceArn)
        guard queuesByArn[sourceArn] != nil else { throw .noSuchResource(parameter: "SourceArn") }
        guard let task = moveTasks[id], task.sourceArn == sourceArn else {
            throw .resourceNotFound("Task does not exist.")
        }
        guard task.status == .running else {
            throw .invalidParameterValue("Only active tasks can be cancelled.")
        }
        task.status = .cancelling
        record(task)
        return SQS.CancelMessageMoveTaskResult(approximateNumberOfMessagesMoved: task.moved)
    }

    func listMessageMoveTasks(
        _ input: SQS.ListMessageMoveTasksRequest, _ call: Call
    ) throws(ServiceError) -> SQS.ListMessageMoveTasksResult {
        let source = try moveQueue(input.sourceArn, "SourceArn", call)
        let count = input.maxResults ?? 1
        guard (1...10).contains(count) else {
            throw .invalidParameterValue(count, "MaxResults", "Must be between 1 and 10, if provided.")
        }
        return SQS.ListMessageMoveTasksResult(
            results: tasks(of: source.arn).prefix(count).map { task in
                SQS.ListMessageMoveTasksResultEntry(
                    // AWS: only while it runs.
                    taskHandle: task.status == .running ? task.handle : nil, status: task.status.rawValue,
                    sourceArn: task.sourceArn, destinationArn: task.destinationArn,
                    maxNumberOfMessagesPerSecond: task.rate, approximateNumberOfMessagesMoved: task.moved,
                    approximateNumberOfMessagesToMove: task.toMove, failureReason: task.failureReason,
                    startedTimestamp: Int(task.startedAt.epochMilliseconds))
            })
    }

    private func moveQueue(_ arn: String, _ parameter: String, _ call: Call) throws(ServiceError) -> Queue {
        guard !arn.isEmpty || parameter != "SourceArn" else { throw .missingParameter(parameter) }
        guard QueueName(arn: arn) != nil else {
            throw .invalidParameterValue(
                "You must use this format to specify the \(parameter): arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
            )
        }
        guard let queue = queuesByArn[arn] else { throw .noSuchResource(parameter: parameter) }
        core.attribute(call, to: queue.arn)
        return queue
    }
}
