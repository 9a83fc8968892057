import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What buses keep of their events, and what is sent again of it: archives, and replays with their progress.
struct ArchivesScreen: Screen {
    struct ArchiveRow: Identifiable, Hashable, Sendable {
        var archive: Events.Archive
        var id: String { archive.archiveName ?? "" }
        var bus: String { ResourceName.last(of: archive.eventSourceArn ?? "") }
    }

    struct ReplayRow: Identifiable, Hashable, Sendable {
        var replay: Events.Replay
        var id: String { replay.replayName ?? "" }
        var state: String { replay.state ?? "" }
        var isActive: Bool { ["STARTING", "RUNNING"].contains(state) }

        var mark: StatusMark {
            switch state {
            case "COMPLETED": .succeeded
            case "RUNNING", "STARTING": .running
            case "CANCELLING", "CANCELLED": .aborted
            default: .failed
            }
        }

        /// How much of the span has been sent again, from 0 to 1.
        var progress: Double {
            if state == "COMPLETED" { return 1 }
            guard let from = replay.eventStartTime, let to = replay.eventEndTime,
                let last = replay.eventLastReplayedTime,
                to > from
            else { return 0 }
            let whole = Double(to.epochMilliseconds - from.epochMilliseconds)
            return max(0, min(1, Double(last.epochMilliseconds - from.epochMilliseconds) / whole))
        }
    }

    enum Message: Sendable {
        case archives(ResourceList<ArchiveRow>.Message)
        case replays(ResourceList<ReplayRow>.Message)
        /// A replay that was asked for.
        case started(FormStep)
    }

    var tabs = Tabs(["Archives", "Replays"])
    private static let archiveTable = Table<ArchiveRow>(
        id: "archives",
        columns: [
            TableColumn("Archive", min: 14, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Bus", min: 8, ideal: 16, order: TableColumn.by { $0.bus }) { TableCell($0.bus, .dim) },
            TableColumn("Events", min: 7, ideal: 9, align: .right, order: TableColumn.by { $0.archive.eventCount ?? 0 })
            {
                TableCell(($0.archive.eventCount ?? 0).grouped)
            },
            TableColumn("Size", min: 7, ideal: 9, align: .right) {
                TableCell(Quantity.bytes($0.archive.sizeBytes ?? 0), .dim)
            },
            TableColumn("Kept", min: 8, ideal: 8, align: .right) {
                let days = $0.archive.retentionDays ?? 0
                return TableCell(days == 0 ? "for ever" : "\(days.grouped) d", .dim)
            },
            TableColumn("State", min: 10, ideal: 11) {
                let isOn = $0.archive.state == "ENABLED"
                return .status(isOn ? .enabled : .waiting, ($0.archive.state ?? "").lowercased())
            },
        ], empty: "No archives. Press n to let one keep the events of a bus.")
    private static let replayTable = Table<ReplayRow>(
        id: "replays",
        columns: [
            TableColumn("Replay", min: 14, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("State", min: 12, ideal: 12, order: TableColumn.by { $0.state }) {
                .status($0.mark, $0.state.lowercased())
            },
            TableColumn("Sent again", min: 16, ideal: 20) { row in
                let done = Int((row.progress * 12).rounded())
                return TableCell([
                    Span(String(repeating: "█", count: done), row.isActive ? .running : .dim),
                    Span(String(repeating: "░", count: 12 - done), .faint),
                    Span(" \(Int((row.progress * 100).rounded())) %", .text),
                ])
            },
            TableColumn("Archive", min: 10, ideal: 16) {
                TableCell(ResourceName.last(of: $0.replay.eventSourceArn ?? ""), .dim)
            },
            TableColumn("From", min: 19, ideal: 19) { TableCell(ScheduleText.text($0.replay.eventStartTime), .dim) },
            TableColumn("To", min: 19, ideal: 19) { TableCell(ScheduleText.text($0.replay.eventEndTime), .dim) },
        ], empty: "Nothing was replayed. Choose an archive in tab 1 and press p.")
    var archives = ResourceList("Archives", Self.archiveTable) { token, context in
        let page = try await context.aws.call(Events.listArchives, .init(nextToken: token))
        return ListPage((page.archives ?? []).map { ArchiveRow(archive: $0) }, next: page.nextToken)
    }
    /// The newest first.
    var replays = ResourceList(
        "Replays", Self.replayTable,
        order: { ($0.replay.replayStartTime ?? .epoch) > ($1.replay.replayStartTime ?? .epoch) }
    ) { token, context in
        let page = try await context.aws.call(Events.listReplays, .init(nextToken: token))
        return ListPage((page.replays ?? []).map { ReplayRow(replay: $0) }, next: page.nextToken)
    }

    private var isOnReplays: Bool { tabs.selected == 1 }

    var crumbs: [String] { ["EventBridge", tabs.selectedTitle] }
    var title: String { "Archives" }
    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { isOnReplays ? replays.table.capturesText : archives.table.capturesText }
    var handlesEscape: Bool { isOnReplays ? replays.table.handlesEscape : archives.table.handlesEscape }
    var copyText: String? { isOnReplays ? replays.table.selected?.id : archives.table.selected?.id }

    var bindings: [KeyBinding] {
        if isOnReplays {
            return [Self.cancellation.binding(in: replays.table), .refresh] + tabs.bindings + Table<ReplayRow>.bindings
        }
        let one = Availability.when(archives.table.selected != nil, otherwise: "No archive is selected")
        return [
            KeyBinding(["n"], "new", "create", help: "Create an archive", menu: true, needs: [.changes]),
            KeyBinding(
                ["p"], "replay", "replay", help: "Send its events again", availability: one, menu: true,
                needs: [.changes]),
            Self.deletion.binding(in: archives.table), .refresh,
        ] + tabs.bindings + Table<ArchiveRow>.bindings
    }

    private static let deletion = BulkAction<ArchiveRow>.delete(
        "archive", name: { $0.id },
        consequence: { "\($0.id): \(Quantity.count($0.archive.eventCount ?? 0, "event"))" },
        each: { _ = try await $1.aws.call(Events.deleteArchive, .init(archiveName: $0.id)) })

    private static let cancellation = BulkAction<ReplayRow>(
        action: "cancel", keys: ["c"], title: "cancel", help: "Cancel the replays marked, or the selected one",
        verb: { _ in BulkVerb("Cancel", "Cancelling", "Cancelled") }, noun: "replay", question: .destructive,
        note: { _ in "What was sent again stays sent." }, name: { $0.id }, consequence: { $0.id },
        availability: { row, _ in .when(row.isActive, otherwise: "It is \(row.state.lowercased())") },
        perform: BulkAction.oneByOne { row, _, context in
            _ = try await context.aws.call(Events.cancelReplay, .init(replayName: row.id))
        })

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("create"): return [Self.creation]
        case .action("replay"): return archives.table.selected.map { [Self.replay($0)] } ?? []
        case .action("delete"): return Self.deletion.effects(on: archives.table.targets) { .archives(.acted($0)) }
        case .action("cancel"): return Self.cancellation.effects(on: replays.table.targets) { .replays(.acted($0)) }
        case .message(.archives(let message)): return toArchives(.message(message))
        case .message(.replays(let message)): return toReplays(.message(message))
        case .message(.started(let step)):
            if step.isDone { tabs.select(1) }
            return step.effects { .started($0) } + (step.isDone ? toReplays(.appeared) : [])
        case .action(let action) where tabs.perform(action): return []
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return [] }
            return isOnReplays ? toReplays(event.passedOn()) : toArchives(event.passedOn())
        case .action(let action) where action != "refresh":
            return isOnReplays ? toReplays(event.passedOn()) : toArchives(event.passedOn())
        default: return toArchives(event.passedOn()) + toReplays(event.passedOn())
        }
    }

    private mutating func toArchives(_ event: ScreenEvent<ResourceList<ArchiveRow>.Message>?) -> [Effect<Message>] {
        event.map { archives.update($0) }?.map { $0.named("archives").carried { .archives($0) } } ?? []
    }

    private mutating func toReplays(_ event: ScreenEvent<ResourceList<ReplayRow>.Message>?) -> [Effect<Message>] {
        event.map { replays.update($0) }?.map { $0.named("replays").carried { .replays($0) } } ?? []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        if isOnReplays { replays.render(on: parts[1], in: frame) } else { archives.render(on: parts[1], in: frame) }
    }
}

extension ArchivesScreen {
    static let createForm = Form(
        "Create archive", submit: "Create",
        [
            FormField(
                "name", "Name", of: ModelledMember(Events.createArchive, "ArchiveName"),
                note: "letters, digits, . - and _"),
            FormField(
                "bus", "Event bus", value: "default", hint: "Whose events it keeps: a name or an ARN", required: true),
            FormField(
                "days", "Kept for", of: ModelledMember(Events.createArchive, "RetentionDays"), range: 0...1_000_000,
                value: "0", note: "days; 0, the default, is for ever",
                required: true),
            FormField(
                "pattern", "Event pattern", of: ModelledMember(Events.createArchive, "EventPattern"),
                kind: .multiline(rows: 4, json: true), note: "which events; empty: all",
                validate: { text, _ in PatternSyntax.problem(text) }),
            FormField("description", "Description", of: ModelledMember(Events.createArchive, "Description")),
        ])

    private static var creation: Effect<Message> {
        FormTask.ask(createForm, { .archives(.form($0)) }) { values, context in
            let bus = try await context.aws.call(Events.describeEventBus, .init(name: values["bus"]))
            _ = try await context.aws.call(
                Events.createArchive,
                .init(
                    archiveName: values["name"], eventSourceArn: bus.arn ?? "",
                    description: values.optional("description"), eventPattern: values.optional("pattern"),
                    retentionDays: values.integer("days")))
            return .init("Created \(values["name"])")
        }
    }

    /// The last hour, unless told otherwise.
    static func replayForm(_ row: ArchiveRow, now: Instant) -> Form {
        let begin = row.archive.creationTime.map { max($0, now - .seconds(3600)) } ?? now - .seconds(3600)
        return Form(
            "Replay \(row.id) to bus \(row.bus)", submit: "Start",
            [
                FormField(
                    "name", "Name", of: ModelledMember(Events.startReplay, "ReplayName"),
                    value: "\(row.id)-\(ElapsedTime.clock(now).filter { $0 != ":" })",
                    note: "letters, digits, . - and _"),
                FormField(
                    "from", "From", value: ScheduleText.text(begin), hint: "Events since then, in UTC", required: true,
                    validate: { text, _ in ScheduleText.instantProblem(text) }),
                FormField(
                    "to", "To", value: ScheduleText.text(now), hint: "Events up to then, in UTC", required: true,
                    validate: { text, values in
                        guard let to = ScheduleText.instant(text) else { return ScheduleText.instantProblem(text) }
                        return ScheduleText.instant(values["from"]).map { $0 < to } ?? true
                            ? nil : "It must be after the start"
                    }),
                FormField(
                    "rules", "Only rules", .multiline(rows: 3, json: false),
                    hint: "Rule ARNs, one a line; empty: all rules of the bus",
                    validate: { text, _ in
                        text.split(whereSeparator: \.isNewline).contains { ARN(String($0))?.service != "events" }
                            ? "A rule's ARN on each line" : nil
                    }),
            ])
    }

    private static func replay(_ row: ArchiveRow) -> Effect<Message> {
        let task = FormTask(preparing: { replayForm(row, now: await $0.now()) }) { values, context in
            let archive = try await context.aws.call(Events.describeArchive, .init(archiveName: row.id))
            let rules = values["rules"].split(whereSeparator: \.isNewline).map(String.init)
            _ = try await context.aws.call(
                Events.startReplay,
                .init(
                    replayName: values["name"], eventSourceArn: archive.archiveArn ?? "",
                    eventStartTime: ScheduleText.instant(values["from"]) ?? .epoch,
                    eventEndTime: ScheduleText.instant(values["to"]) ?? .epoch,
                    destination: .init(arn: archive.eventSourceArn ?? "", filterArns: rules.isEmpty ? nil : rules)))
            return .init("Replay \(values["name"]) has begun")
        }
        return task.begin { .started($0) }
    }
}
