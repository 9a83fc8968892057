import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A schedule as Scheduler tells it.
struct ScheduleReading: Sendable {
    var schedule: Scheduler.GetScheduleOutput
    var hasEngine = true

    var name: String { schedule.name ?? "" }
    var group: String { schedule.groupName ?? "default" }
    var arn: String { schedule.arn ?? "" }
    var isEnabled: Bool { schedule.state != "DISABLED" }
    var zone: String { schedule.scheduleExpressionTimezone ?? "UTC" }
    var expression: String { schedule.scheduleExpression ?? "" }
    /// Minutes within which it runs after it is due; 0 where it runs at once.
    var window: Int {
        schedule.flexibleTimeWindow?.mode == "FLEXIBLE" ? schedule.flexibleTimeWindow?.maximumWindowInMinutes ?? 0 : 0
    }

    var firings: FiringsPreview.Query {
        FiringsPreview.Query(
            expression: expression, zone: schedule.scheduleExpressionTimezone, start: schedule.startDate,
            end: schedule.endDate, kind: "schedule")
    }

    static func read(_ name: String, group: String, _ context: ConsoleContext) async throws -> ScheduleReading {
        let schedule = try await context.aws.call(Scheduler.getSchedule, .init(groupName: group, name: name))
        return ScheduleReading(schedule: schedule, hasEngine: context.capabilities.hasEngine)
    }
}
