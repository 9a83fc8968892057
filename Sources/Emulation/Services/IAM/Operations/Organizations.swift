import AWSModel
import AWSTypes

// ListOrganizationsFeatures and the features that it lists.

extension IAMService {
    private static let organizationsOperations = [
        "ListOrganizationsFeatures", "EnableOrganizationsRootCredentialsManagement",
        "DisableOrganizationsRootCredentialsManagement", "EnableOrganizationsRootSessions",
        "DisableOrganizationsRootSessions",
    ]

    /// AWS: an account that is in no organization, as all are here, is refused each of them.
    func registerOrganizations(_ table: inout OperationTable) {
        for name in Self.organizationsOperations {
            table.on(Operation<Unit, Unit>(service: IAM.id, name: name)) { (_, _) throws(ServiceError) in
                throw ServiceError(
                    "OrganizationNotFoundException",
                    "The request was rejected because no organization is associated with your account.")
            }
        }
    }
}
