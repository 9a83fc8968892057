/// Every screen of the console. Adding one is its folder and one line here.
public enum ConsoleScreens {
    public static let catalog = ScreenCatalog(
        LambdaScreens.registrations + StepFunctionsScreens.registrations
    )
}
