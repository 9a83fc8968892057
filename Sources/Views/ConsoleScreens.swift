/// Every screen of the console. Adding one is its folder and one line here.
public enum ConsoleScreens {
    public static let catalog = ScreenCatalog(
        HomeScreens.registrations
            + ProblemScreens.registrations
            + TimelineScreens.registrations
            + TimeScreens.registrations
            + SQSScreens.registrations
            + SNSScreens.registrations
            + LambdaScreens.registrations
            + StepFunctionsScreens.registrations
            + CloudWatchScreens.registrations
            + LogsScreens.registrations
            + EventsScreens.registrations
            + SchedulerScreens.registrations
            + PipesScreens.registrations
            + IAMScreens.registrations
            + S3Screens.registrations
    )
}
