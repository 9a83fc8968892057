/// Home, and *Why?* of anything by its ARN.
public enum HomeScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("home", "Home", summary: "The map of everything, services, what is wrong") { _ in
            HomeScreen()
        },
        ScreenRegistration(
            "why", "Why?", summary: "Why a resource, or an item in it, is where it is", arguments: ["ARN", "ITEM?"]
        ) { WhyScreen(arn: $0[0], item: $0.count > 1 ? $0[1] : nil) },
    ]
}
