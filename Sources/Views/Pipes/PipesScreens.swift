/// The screens of EventBridge Pipes by name.
public enum PipesScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("pipes.pipes", "Pipes", summary: "Pipes with their state, source and target") { _ in
            PipeListScreen()
        },
        ScreenRegistration(
            "pipes.pipe", "Pipe", summary: "Drawn from source to target, charts, settings", arguments: ["PIPE", "TAB?"]
        ) {
            PipeScreen(name: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
    ]
}
