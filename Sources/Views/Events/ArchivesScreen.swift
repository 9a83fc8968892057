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
        case loaded(Result<([ArchiveRow], [ReplayRow]), any Error>)
        case createRequested(FormValues)
        case created(Result<Void, any Error>, FormValues)
        case replayRequested(ArchiveRow, now: Instant)
        case replayFilled(ArchiveRow, FormValues)
        case replayed(ArchiveRow, Result<Void, any Error>, FormValues)
        case deleteConfirmed([ArchiveRow])
        case cancelConfirmed(ReplayRow)
        case acted(String, Result<Void, any Error>)
    }

    var tabs = Tabs(["Archives", "Replays"])
    var archives = Table<ArchiveRow>(
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
    var replays = Table<ReplayRow>(
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
    var failure: String?

    private var isOnReplays: Bool { tabs.selected == 1 }

    var crumbs: [String] { ["EventBridge", tabs.selectedTitle] }
    var title: String { "Archives" }
    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { isOnReplays ? replays.capturesText : archives.capturesText }
    var handlesEscape: Bool { isOnReplays ? replays.handlesEscape : archives.handlesEscape }
    var copyText: String? { isOnReplays ? replays.selected?.id : archives.selected?.id }

    var bindings: [KeyBinding] {
        if isOnReplays {
            let row = replays.selected
            let active: Availability =
                row.map { .when($0.isActive, otherwise: "It is \($0.state.lowercased())") }
                ?? .disabled("No replay is selected")
            return [
                KeyBinding(
                    ["c"], "cancel", "cancel", help: "Cancel the replay", availability: active, menu: true,
                    destructive: true),
                .refresh,
            ] + tabs.bindings + Table<ReplayRow>.bindings
        }
        let one = Availability.when(archives.selected != nil, otherwise: "No archive is selected")
        return [
            KeyBinding(["n"], "new", "create", help: "Create an archive", menu: true),
            KeyBinding(["p"], "replay", "replay", help: "Send its events again", availability: one, menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the archives marked, or the selected one", availability: one,
                menu: true, destructive: true),
            .refresh,
        ] + tabs.bindings + Table<ArchiveRow>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("create"): return [.form(Self.createForm) { .createRequested($0) }]
        case .action("replay"):
            guard let row = archives.selected else { return [] }
            return [.work("now") { .replayRequested(row, now: await $0.now()) }]
        case .action("delete"):
            let rows = archives.targets
            let what = rows.count == 1 ? "archive \(rows[0].id)" : "\(rows.count) archives"
            return rows.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(
                            what,
                            consequences: rows.map {
                                "\($0.id): \(Quantity.count($0.archive.eventCount ?? 0, "event"))"
                            }), then: .deleteConfirmed(rows))
                ]
        case .action("cancel"):
            return replays.selected.map { row in
                [
                    .confirm(
                        Dialog(
                            "Cancel replay \(row.id)?", message: "What was sent again stays sent.",
                            confirm: "Cancel it",
                            destructive: true), then: .cancelConfirmed(row))
                ]
            } ?? []
        case .action(let action):
            if tabs.perform(action) { return [] }
            _ = isOnReplays ? replays.perform(action) : archives.perform(action)
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return [] }
            _ = isOnReplays ? replays.handle(input) : archives.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let (new, running))):
            failure = nil
            archives.rows = new
            replays.rows = running
        case .loaded(.failure(let error)):
            failure = error.sentence
            return archives.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .createRequested(let values): return [Self.create(values)]
        case .created(.success, let values): return [.toast("Created \(values["name"])"), Self.load()]
        case .created(.failure(let error), let values):
            return [.form(Self.createForm.filled(with: values, failure: error.sentence)) { .createRequested($0) }]
        case .replayRequested(let row, let now):
            return [.form(Self.replayForm(row, now: now)) { .replayFilled(row, $0) }]
        case .replayFilled(let row, let values): return [Self.replay(row, values)]
        case .replayed(_, .success, let values):
            tabs.select(1)
            return [.toast("Replay \(values["name"]) has begun", .running), Self.load()]
        case .replayed(let row, .failure(let error), let values):
            let form = Self.replayForm(row, now: ScheduleText.instant(values["to"]) ?? .epoch)
            return [.form(form.filled(with: values, failure: error.sentence)) { .replayFilled(row, $0) }]
        case .deleteConfirmed(let rows):
            return [
                .work("delete") { context in
                    for row in rows {
                        _ = try await context.aws.call(Events.deleteArchive, .init(archiveName: row.id))
                    }
                } then: {
                    .acted("Deleted \(Quantity.count(rows.count, "archive"))", $0)
                }
            ]
        case .cancelConfirmed(let row):
            return [
                .work("cancel") { context in
                    _ = try await context.aws.call(Events.cancelReplay, .init(replayName: row.id))
                } then: {
                    .acted("Cancelling \(row.id)", $0)
                }
            ]
        case .acted(let done, .success):
            archives.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        if isOnReplays {
            replays.showing(failure).render(
                on: parts[1].panel("Replays", focused: true, note: replays.countNote), focused: frame.isInteractive)
        } else {
            archives.showing(failure).render(
                on: parts[1].panel("Archives", focused: true, note: archives.countNote), focused: frame.isInteractive)
        }
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
                "days", "Kept for", .number(0...1_000_000), value: "0", hint: "Days; 0, the default, is for ever",
                required: true),
            FormField(
                "pattern", "Event pattern", .multiline(rows: 4, json: true), hint: "Which events; empty: all",
                validate: { text, _ in PatternSyntax.problem(text) }),
            FormField("description", "Description", of: ModelledMember(Events.createArchive, "Description")),
        ])

    private static func create(_ values: FormValues) -> Effect<Message> {
        .work("create") { context in
            let bus = try await context.aws.call(Events.describeEventBus, .init(name: values["bus"]))
            _ = try await context.aws.call(
                Events.createArchive,
                .init(
                    archiveName: values["name"], eventSourceArn: bus.arn ?? "",
                    description: values.optional("description"), eventPattern: values.optional("pattern"),
                    retentionDays: values.integer("days")))
        } then: {
            .created($0, values)
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

    private static func replay(_ row: ArchiveRow, _ values: FormValues) -> Effect<Message> {
        .work("replay") { context in
            let archive = try await context.aws.call(Events.describeArchive, .init(archiveName: row.id))
            let rules = values["rules"].split(whereSeparator: \.isNewline).map(String.init)
            _ = try await context.aws.call(
                Events.startReplay,
                .init(
                    replayName: values["name"], eventSourceArn: archive.archiveArn ?? "",
                    eventStartTime: ScheduleText.instant(values["from"]) ?? .epoch,
                    eventEndTime: ScheduleText.instant(values["to"]) ?? .epoch,
                    destination: .init(arn: archive.eventSourceArn ?? "", filterArns: rules.isEmpty ? nil : rules)))
        } then: {
            .replayed(row, $0, values)
        }
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var archives: [ArchiveRow] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(Events.listArchives, .init(nextToken: token))
                archives += (page.archives ?? []).map { ArchiveRow(archive: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            var replays: [ReplayRow] = []
            repeat {
                let page = try await context.aws.call(Events.listReplays, .init(nextToken: token))
                replays += (page.replays ?? []).map { ReplayRow(replay: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            // The newest first.
            replays.sort { ($0.replay.replayStartTime ?? .epoch) > ($1.replay.replayStartTime ?? .epoch) }
            return (archives, replays)
        } then: {
            .loaded($0)
        }
    }
}
