/// The screens of EventBridge and its pattern sandbox by name.
public enum EventsScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("events.buses", "Event buses", summary: "Event buses and how many rules listen") { _ in
            BusListScreen()
        },
        ScreenRegistration(
            "events.bus", "Event bus", summary: "Its rules, who may send to it, settings", arguments: ["BUS", "TAB?"]
        ) {
            BusScreen(name: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration("events.rules", "Event rules", summary: "Rules of all event buses; send an event") { _ in
            RuleListScreen()
        },
        ScreenRegistration(
            "events.rule", "Event rule", summary: "Its pattern or schedule, targets, charts; try an event on it",
            arguments: ["RULE", "BUS?", "TAB?"]
        ) {
            RuleScreen(name: $0[0], bus: $0.count > 1 ? $0[1] : nil, tab: $0.count > 2 ? $0[2] : nil)
        },
        ScreenRegistration(
            "events.sandbox", "Pattern sandbox", summary: "Try an event on a pattern; the clause that fails is named"
        ) { _ in
            PatternSandboxScreen()
        },
        ScreenRegistration(
            "events.archives", "Archives and replays", summary: "What buses keep of their events, and sending it again"
        ) { _ in
            ArchivesScreen()
        },
        ScreenRegistration(
            "events.connections", "Connections", summary: "Credentials of HTTP endpoints, and API destinations"
        ) { _ in
            ConnectionsScreen()
        },
    ]
}
