/// The screens of Lambda.
public enum LambdaScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("lambda.functions", "Functions", summary: "Lambda: every function, its runtime and state") {
            _ in
            FunctionListScreen()
        },
        ScreenRegistration(
            "lambda.function", "Function",
            summary: "Lambda: overview, code, test, monitor, configuration, aliases, versions",
            arguments: ["FUNCTION", "TAB?"]
        ) { arguments in
            FunctionScreen(name: arguments[0], tab: arguments.count > 1 ? arguments[1] : nil)
        },
    ]
}
