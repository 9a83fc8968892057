/// The screens of IAM by name.
public enum IAMScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "iam.identities", "IAM", summary: "Roles, users, groups and policies", arguments: ["TAB?"]
        ) {
            IdentityListScreen(tab: $0.first)
        },
        ScreenRegistration("iam.role", "IAM role", summary: "Policies, trust, details", arguments: ["ROLE", "TAB?"]) {
            IdentityScreen(.role, $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration("iam.user", "IAM user", summary: "Policies, groups, keys", arguments: ["USER", "TAB?"]) {
            IdentityScreen(.user, $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration("iam.group", "IAM group", summary: "Policies and members", arguments: ["GROUP", "TAB?"]) {
            IdentityScreen(.group, $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "iam.policy", "IAM policy", summary: "Document, versions, who uses it", arguments: ["POLICY"]
        ) {
            PolicyScreen(arn: $0[0])
        },
        ScreenRegistration(
            "iam.simulator", "Policy simulator", summary: "May somebody do this, and which statement decides",
            arguments: ["PRINCIPAL?"]
        ) {
            SimulatorScreen(principal: $0.first ?? "")
        },
    ]
}
