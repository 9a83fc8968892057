import TerminalUI

/// The run loop: takes signals, updates screens, performs effects, draws a frame if something changed.
///
/// It knows no service and no terminal: screens come from a catalogue, cells go to a driver. Idle, it waits and nothing wakes it.
public actor ConsoleApplication {
    let driver: any TerminalDriver
    let buffer: CellBuffer
    let catalog: ScreenCatalog
    var context: ConsoleContext
    var theme: Theme
    var status: ConsoleStatus
    var size: Size

    var entries: [ScreenEntry] = []
    var position = 0
    var overlays: [Overlay] = []
    /// Jobs under way, shown or not.
    var bulks: [Int: BulkPane] = [:]
    var toast: (Toast, token: Int)?
    var isMouseEnabled = true
    var endReason: InputEvent.EndReason?
    var wantsQuit = false
    var needsFrame = true

    let mailbox = Mailbox()
    let sleep: @Sendable (Duration) async throws -> Void
    private let wallTime: @Sendable () -> Int64
    private var nextIdentifier = 1
    private var ticker: (entry: Int, interval: Duration, task: Task<Void, Never>)?
    private var feeds: [Task<Void, Never>] = []

    private static let toastDuration = Duration.seconds(4)

    /// `sleep` is how the application waits for ticks and toasts, `wallTime` the time in milliseconds since 1970; tests
    /// put their own in.
    public init(
        driver: sending any TerminalDriver, catalog: ScreenCatalog, root: any Screen,
        context: ConsoleContext = ConsoleContext(), theme: Theme = .dark, status: ConsoleStatus = ConsoleStatus(),
        mouse: Bool = true,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        wallTime: (@Sendable () -> Int64)? = nil
    ) {
        size = driver.size
        buffer = CellBuffer(size: driver.size, encoding: driver.traits.encoding)
        self.driver = driver
        self.catalog = catalog
        self.context = context
        self.theme = theme
        self.status = status
        self.sleep = sleep
        self.wallTime = wallTime ?? { WallTime.milliseconds }
        isMouseEnabled = mouse
        entries = [ScreenEntry(id: 0, screen: root)]
    }

    /// Tells the top line, and every render, a new state of the world. Callable from anywhere.
    public nonisolated func show(_ status: ConsoleStatus) { mailbox.post(.status(status)) }

    /// Tells the visible screen what has changed. Callable from anywhere, as often as one likes.
    public nonisolated func changed(_ topics: Set<Topic>) { mailbox.post(.changed(topics)) }

    /// Ends the run loop as `q` does.
    public nonisolated func stop() { mailbox.post(.stop) }

    /// Runs until the user quits or the terminal goes away; then the terminal has been given back.
    /// `nil` if the user quit.
    public func run() async -> InputEvent.EndReason? {
        let mailbox = mailbox
        let events = driver.events
        feeds.append(
            Task {
                for await event in events { mailbox.post(.input(event)) }
                mailbox.post(.input(.ended(.inputClosed)))
            })
        start()
        while !isOver { handle(await mailbox.take()) }
        finish()
        return endReason
    }

    var isOver: Bool { wantsQuit || endReason != nil }

    /// Shows the root screen.
    func start() {
        perform(update(0, .appeared), for: 0)
        draw()
    }

    private func finish() {
        for index in entries.indices { entries[index].cancelAll() }
        for feed in feeds { feed.cancel() }
        ticker?.task.cancel()
        driver.close()
    }

    /// One turn: all signals, then at most one frame.
    func handle(_ signals: [Signal]) {
        for signal in signals where !isOver { handle(signal) }
        deliverPendingChanges()
        updateTicker()
        if needsFrame, !isOver { draw() }
    }

    private func handle(_ signal: Signal) {
        switch signal {
        case .input(let event): handle(event)
        case .status(let new):
            if new != status {
                status = new
                needsFrame = true
            }
        case .changed(let topics): entries[position].pendingChanges.formUnion(entries[position].watches(topics))
        case .finished(let id, let work, let token, let message):
            guard let index = entries.firstIndex(where: { $0.id == id }), entries[index].work[work]?.token == token
            else { return }
            entries[index].work[work] = nil
            if let message { deliver(.message(message), to: id) }
        case .reported(let id, let work, let token, let message):
            guard let index = entries.firstIndex(where: { $0.id == id }), entries[index].work[work]?.token == token
            else { return }
            deliver(.message(message), to: id)
        case .advanced(let token, let progress): advance(bulk: token, to: progress)
        case .tick(let id): if entries[position].id == id { deliver(.tick, to: id) }
        case .toastExpired(let token):
            if toast?.token == token {
                toast = nil
                needsFrame = true
            }
        case .stop: wantsQuit = true
        }
    }

    // MARK: Screens

    func identifier() -> Int {
        defer { nextIdentifier += 1 }
        return nextIdentifier
    }

    var current: any Screen { entries[position].screen }

    /// Updates the screen with this id and performs what it asks for.
    func deliver(_ event: ErasedEvent, to id: Int) {
        needsFrame = true
        perform(update(id, event), for: id)
    }

    private func update(_ id: Int, _ event: ErasedEvent) -> [ErasedEffect] {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return [] }
        return entries[index].update(event)
    }

    /// A screen that is still fetching hears of changes when it has finished, else it might never.
    private func deliverPendingChanges() {
        guard !entries[position].pendingChanges.isEmpty, !entries[position].isBusy else { return }
        let topics = entries[position].pendingChanges
        entries[position].pendingChanges = []
        deliver(.changed(topics), to: entries[position].id)
    }

    private func updateTicker() {
        let entry = entries[position]
        let interval = entry.screen.tickInterval
        if let ticker, ticker.entry == entry.id, ticker.interval == interval { return }
        ticker?.task.cancel()
        ticker = nil
        guard let interval else { return }
        let task = Task { [mailbox, sleep] in
            while !Task.isCancelled {
                do { try await sleep(interval) } catch { return }
                mailbox.post(.tick(entry: entry.id))
            }
        }
        ticker = (entry.id, interval, task)
    }

    func show(_ toast: Toast) {
        let token = identifier()
        self.toast = (toast, token)
        needsFrame = true
        Task { [mailbox, sleep] in
            do { try await sleep(Self.toastDuration) } catch { return }
            mailbox.post(.toastExpired(token))
        }
    }

    // MARK: Drawing

    func draw() {
        needsFrame = false
        buffer.reset(to: size)
        let status = status.advanced(to: wallTime())
        let surface = Surface(buffer)
        if size.width < Size.smallest.width || size.height < Size.smallest.height {
            ShellFrame.drawTooSmall(on: surface)
        } else {
            let parts = surface.rows([.fixed(1), .fill(), .fixed(1)])
            let screen = current
            ShellFrame.drawTop(on: parts[0], crumbs: screen.crumbs, status: status)
            screen.render(on: parts[1], in: FrameContext(status: status))
            if let overlay = overlays.last {
                buffer.cursor = nil
                for layer in overlays { layer.render(on: parts[1]) }
                ShellFrame.drawKeys(on: parts[2], overlay.keys, [])
            } else {
                ShellFrame.drawKeys(on: parts[2], granted(screen.bindings), shellFooter(screen))
            }
            if let toast { toast.0.render(on: parts[1]) }
        }
        driver.draw(buffer, theme: theme)
    }

    private func shellFooter(_ screen: any Screen) -> [KeyBinding] {
        if screen.capturesText { return [] }
        var keys: [KeyBinding] = []
        if !screen.menuActions.isEmpty { keys.append(ShellBindings.actions) }
        keys += [ShellBindings.palette, ShellBindings.help, position > 0 ? ShellBindings.back : ShellBindings.quit]
        // What the screen binds itself is already there, with its own word.
        let own = screen.bindings
        return keys.filter { key in !key.keys.contains { own.binding(for: $0) != nil } }
    }

    /// The last frame as text.
    public func text() -> String { PlainTextPainter.paint(buffer) }
}
