import AWSModel
import AWSTypes

// Instance profiles: a name under which EC2 would use a role.

extension IAMService {
    func registerInstanceProfiles(_ table: inout OperationTable) {
        table.on(IAM.createInstanceProfile, createInstanceProfile)
        table.on(IAM.getInstanceProfile) { [unowned self] (input, call) throws(ServiceError) in
            let profile = try instanceProfile(input.instanceProfileName, call)
            var described = described(profile, in: call.scope.accountID)
            described.tags = described.tags ?? []
            return IAM.GetInstanceProfileResponse(instanceProfile: described)
        }
        table.on(IAM.deleteInstanceProfile) { [unowned self] (input, call) throws(ServiceError) in
            let profile = try instanceProfile(input.instanceProfileName, call)
            guard (profile.strings("roles") ?? []).isEmpty else {
                throw .deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
            }
            drop(.instanceProfile, input.instanceProfileName, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.addRoleToInstanceProfile) { [unowned self] (input, call) throws(ServiceError) in
            var profile = try instanceProfile(input.instanceProfileName, call)
            let role = try role(input.roleName, call)
            guard (profile.strings("roles") ?? []).isEmpty else {
                throw .iamLimitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
            }
            profile["roles"] = [.string(role.name)]
            put(.instanceProfile, input.instanceProfileName, profile, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.removeRoleFromInstanceProfile) { [unowned self] (input, call) throws(ServiceError) in
            var profile = try instanceProfile(input.instanceProfileName, call)
            guard (profile.strings("roles") ?? []).contains(input.roleName) else {
                throw .noSuchEntity("The role with name \(input.roleName) cannot be found.")
            }
            profile["roles"] = []
            put(.instanceProfile, input.instanceProfileName, profile, in: call.scope.accountID)
            return Unit()
        }
        table.on(IAM.listInstanceProfiles) { [unowned self] (input, call) throws(ServiceError) in
            let account = call.scope.accountID
            let found = records(.instanceProfile, of: account).map(\.document).filter {
                ($0.string("path") ?? "/").hasPrefix(input.pathPrefix ?? "/")
            }
            let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.string("name") ?? "" }
            return IAM.ListInstanceProfilesResponse(
                instanceProfiles: page.items.map { described($0, in: account) }, isTruncated: page.isTruncated,
                marker: page.marker)
        }
        table.on(IAM.listInstanceProfilesForRole) { [unowned self] (input, call) throws(ServiceError) in
            let role = try role(input.roleName, call)
            let page = try IAMPage(
                instanceProfiles(of: role), marker: input.marker, maxItems: input.maxItems
            ) { $0.instanceProfileName }
            return IAM.ListInstanceProfilesForRoleResponse(
                instanceProfiles: page.items, isTruncated: page.isTruncated, marker: page.marker)
        }
    }

    private func createInstanceProfile(
        _ input: IAM.CreateInstanceProfileRequest, _ call: Call
    ) throws(ServiceError) -> IAM.CreateInstanceProfileResponse {
        let account = call.scope.accountID
        let name = input.instanceProfileName
        let path = input.path ?? "/"
        guard record(.instanceProfile, name, of: account) == nil else {
            throw .entityAlreadyExists("Instance Profile \(name) already exists.")
        }
        let profile: DocumentObject = [
            "name": .string(name), "path": .string(path),
            "id": .string("AIPA" + core.identifiers.upperAlphanumeric(17)),
            "arn": .string("arn:\(call.scope.partition):iam::\(account):instance-profile\(path)\(name)"),
            "created": .integer(call.time.microseconds), "roles": [],
            "tags": .entries(try IAMText.merged([:], input.tags ?? []), DocumentValue.string),
        ]
        put(.instanceProfile, name, profile, in: account)
        return IAM.CreateInstanceProfileResponse(instanceProfile: described(profile, in: account))
    }

    private func instanceProfile(_ name: String, _ call: Call) throws(ServiceError) -> DocumentObject {
        guard let profile = record(.instanceProfile, name, of: call.scope.accountID) else {
            throw .noSuchEntity("Instance Profile \(name) cannot be found.")
        }
        if let arn = profile.string("arn") { core.attribute(call, to: arn) }
        return profile
    }

    func instanceProfiles(of role: IAMRole) -> [IAM.InstanceProfile] {
        records(.instanceProfile, of: role.accountID).map(\.document)
            .filter { ($0.strings("roles") ?? []).contains(role.name) }
            .map { described($0, in: role.accountID) }
    }

    private func described(_ profile: DocumentObject, in account: String) -> IAM.InstanceProfile {
        let tags = profile.stringMap("tags") ?? [:]
        return IAM.InstanceProfile(
            path: profile.string("path") ?? "/", instanceProfileName: profile.string("name") ?? "",
            instanceProfileId: profile.string("id") ?? "", arn: profile.string("arn") ?? "",
            createDate: profile.instant("created"),
            roles: (profile.strings("roles") ?? []).compactMap { role(named: $0, in: account) }.map(Self.described),
            tags: tags.isEmpty ? nil : IAMText.tags(tags))
    }
}
