package auth

// roles lists the published roles and the rights that each grants, from "Roles and privileges" of
// the developer documentation. A user's rights are the union over their roles. We chose the id or
// account type of roles that are published without one: CONTENT_EXPORT_READER,
// CONTENT_EXPORT_SERVICE, GROUP_MANAGER, KEY_MANAGER, SSO_MANAGER, SYMPHONY_ADMIN,
// USER_PRESENCE_UPDATE.
var roles = []RoleInfo{
	{
		ID: "INDIVIDUAL", Name: "Individual", For: everybody,
		Grants: []Right{
			LoginWithPassword,
		},
	},
	{
		ID: "ADMINISTRATOR", Name: "Administrator", For: people,
		Grants: []Right{
			AccessAdminAPI, ActivateEndUserAccount, BulkManageUsers, CreateEndUserAccount,
			DeactivateEndUserAccount, LoginWithPassword, ModifyEndUserAccount, ModifyEndUserEntitlements,
			ModifyServiceAccount, ModifyServiceUserEntitlements, ModifyUserAppsEntitlements,
			ModifyUserDisclaimers, RebuildIndex, ViewDisclaimerAuditTrail, ViewPodDisclaimers,
			ViewUsagePolicyDetails, ViewUserAppsEntitlements, ViewUserAuditTrail, ViewUserDetail,
		},
	},
	{
		ID: "SUPER_ADMINISTRATOR", Name: "Super Administrator", For: people,
		Grants: []Right{
			AccessAdminAPI, AccessCertProvisioningAPI, ActivateEndUserAccount, ActivateServiceAccount,
			AdminResetUserPassword, BulkManageUsers, CreateApps, CreateEndUserAccount, CreateServiceAccount,
			DeactivateEndUserAccount, DeactivateServiceAccount, DisablePodExternalCommunication,
			EnablePodExternalCommunication, DisablePodSendFileExternal, EnablePodSendFileExternal,
			DisableRequireWarningExternalCommunication, EnableRequireWarningExternalCommunication, DLPCryptoKey,
			DownloadContentExportClient, DownloadDesktopClient, DownloadLDAPSyncClient,
			DownloadUnboundIDSyncClient, EditKMAddress, EditPubnubPubSubKeys, LoginWithPassword,
			ManageAvailableUpdates, ManageBlacklist, ManageContentExport, ManageExpressionFilters,
			ManageInfoBarriers, ManagePodDisclaimers, ManageSSOForPod, ManageUsagePolicy, ModifyApps,
			ModifyAppsEntitlements, ModifyEndUserAccount, ModifyEndUserEntitlements, ModifyPodEntitlements,
			ModifyServiceAccount, ModifyServiceUserEntitlements, ModifyUserAppsEntitlements,
			ModifyUserDisclaimers, RebuildIndex, ResetServiceAccountKey, UpdateCryptoRotationInfo, ViewApps,
			ViewAppsEntitlements, ViewBlacklist, ViewDisclaimerAuditTrail, ViewExpressionFilters,
			ViewInfoBarriers, ViewKMAddress, ViewKMConfigAuditTrail, ViewPodDisclaimers,
			ViewProfanityEnforcementAuditTrail, ViewUsagePolicyDetails, ViewUsageStatistics,
			ViewUserAppsEntitlements, ViewUserAuditTrail, ViewUserDetail, ViewUserEntitleableActions,
		},
	},
	{
		ID: "COMPLIANCE_OFFICER", Name: "Compliance Officer", For: people,
		Optional: []Right{BanAndUnbanRoomMember, LockAndUnlockRoom, MonitorRooms, MonitorWallPosts},
		Grants: []Right{
			AccessAdminAPI, ActivateAndDeactivateAnyRoom, AddAndRemoveUsersInAnyRoom, AdminSearchRooms,
			PromoteAndDemoteOwnersInAnyRoom, RTCViewRecordings, ViewAnyStreamDetails, ViewAnyStreamMembership,
			ViewCompliancePortal, ViewConversationAuditTrail, ViewDisclaimerAuditTrail, ViewInfoBarriers,
			ViewPastStreamMembers, ViewPodDisclaimers, ViewUserDetail,
		},
	},
	{
		ID: "SUPER_COMPLIANCE_OFFICER", Name: "Super Compliance Officer", For: people,
		Grants: []Right{
			AccessAdminAPI, AccessDecryptionKeys, ActivateAndDeactivateAnyRoom, AddAndRemoveUsersInAnyRoom,
			AdminSearchRooms, BanAndUnbanRoomMember, DLPCryptoKey, LockAndUnlockRoom, ManageExpressionFilters,
			ManageInfoBarriers, ModifyApps, MonitorRooms, MonitorWallPosts, PromoteAndDemoteOwnersInAnyRoom,
			RTCViewRecordings, SuppressMessage, ViewAnyStreamDetails, ViewAnyStreamMembership, ViewApps,
			ViewCompliancePortal, ViewConversationAuditTrail, ViewDisclaimerAuditTrail, ViewExpressionFilters,
			ViewInfoBarriers, ViewPastStreamMembers, ViewPodDisclaimers, ViewProfanityEnforcementAuditTrail,
			ViewSurveillanceSessionDetails, ViewUsagePolicyDetails, ViewUserDetail,
		},
	},
	{
		ID: "L1_SUPPORT", Name: "L1 Support", For: people,
		Grants: []Right{
			AccessAdminAPI, ActivateEndUserAccount, AdminResetUserPassword, BulkManageUsers,
			CreateEndUserAccount, DeactivateEndUserAccount, LoginWithPassword, ModifyEndUserAccount,
			ModifyUserAppsEntitlements, ViewDisclaimerAuditTrail, ViewPodDisclaimers, ViewUsagePolicyDetails,
			ViewUserAppsEntitlements, ViewUserAuditTrail, ViewUserDetail,
		},
	},
	{
		ID: "L2_SUPPORT", Name: "L2 Support", For: people,
		Grants: []Right{
			AccessAdminAPI, ActivateEndUserAccount, AdminResetUserPassword, BulkManageUsers,
			CreateEndUserAccount, DeactivateEndUserAccount, LoginWithPassword, ModifyEndUserAccount,
			ModifyEndUserEntitlements, ModifyUserAppsEntitlements, ModifyUserDisclaimers, ViewBlacklist,
			ViewDisclaimerAuditTrail, ViewPodDisclaimers, ViewUsagePolicyDetails, ViewUserAppsEntitlements,
			ViewUserAuditTrail, ViewUserDetail,
		},
	},
	{
		ID: "USER_PROVISIONING", Name: "User Provisioning", For: services,
		Grants: []Right{
			AccessAdminAPI, AccessCertProvisioningAPI, AccessUserProvisioningAPI, ActivateAndDeactivateAnyRoom,
			ActivateServiceAccount, AddAndRemoveUsersInAnyRoom, AdminPresenceUpdate, AdminResetUserPassword,
			BulkManageUsers, CreateApps, CreateEndUserAccount, CreateServiceAccount, DeactivateEndUserAccount,
			DeactivateServiceAccount, LoginWithSharedSecret, ManageBlacklist, ManageInfoBarriers,
			ManageUserDelegates, ModifyApps, ModifyAppsEntitlements, ModifyEndUserAccount,
			ModifyEndUserEntitlements, ModifyServiceAccount, ModifyServiceUserEntitlements,
			ModifyUserAppsEntitlements, ModifyUserDisclaimers, PromoteAndDemoteOwnersInAnyRoom,
			ViewAnyStreamDetails, ViewAnyStreamMembership, ViewApps, ViewAppsEntitlements, ViewBlacklist,
			ViewDisclaimerAuditTrail, ViewInfoBarriers, ViewPastStreamMembers, ViewPodDisclaimers,
			ViewProfanityEnforcementAuditTrail, ViewUsagePolicyDetails, ViewUserAppsEntitlements,
			ViewUserAuditTrail, ViewUserDetail,
		},
	},
	{
		ID: "CONTENT_MANAGEMENT", Name: "Content Management", For: services,
		Grants: []Right{
			AccessAdminAPI, ImportMessages, LoginWithSharedSecret, SuppressMessage, ViewManageMessages,
			ViewUserDetail, ViewUserEntitlements,
		},
	},
	{
		ID: "SCOPE_MANAGEMENT", Name: "Scope Management", For: services,
		Grants: []Right{
			AccessAdminAPI, ManageRoleScopes, ViewRoleScopes, ViewUserAuditTrail, ViewUserDetail,
		},
	},
	{
		ID: "AUDIT_TRAIL_MANAGEMENT", Name: "Audit Trail Management", For: services,
		Grants: []Right{
			AccessAdminAPI, ViewPrivilegedUserAuditTrail,
		},
	},
	{
		ID: "EF_POLICY_MANAGEMENT", Name: "Expression Filter Policy Management", For: services,
		Grants: []Right{
			AccessAdminAPI, DLPCryptoKey, ManageExpressionFilters, ManageFileExtensions, ViewDLPViolation,
			ViewExpressionFilters, ViewProfanityEnforcementAuditTrail, ViewUserDetail, ViewUserEntitlements,
		},
	},
	{
		ID: "MALWARE_SCAN_MANAGER", Name: "Malware Scan Manager", For: services,
		Grants: []Right{
			AccessAdminAPI, SetMalwareScanConfig, ViewMalwareScanAuditTrail, ViewMalwareScanConfig,
			ViewMalwareScanState,
		},
	},
	{
		ID: "MALWARE_SCAN_STATE_USER", Name: "Malware Scan State User", For: services,
		Grants: []Right{
			SetMalwareScanState, ViewMalwareScanState,
		},
	},
	{
		ID: "CONTENT_EXPORT_SERVICE", Name: "Content Export Service", For: services,
		Grants: []Right{
			AccessDecryptionKeys, AccessExportedMessageContent, DLPCryptoKey, LoginWithSharedSecret,
			ViewDLPViolation, ViewExpressionFilters, ViewUserEntitleableActions,
		},
	},
	{
		ID: "CONTENT_EXPORT_READER", Name: "Content Export Reader", For: services,
		Grants: []Right{
			AccessExportedMessageContent,
		},
	},
	{
		ID: "AGENT", Name: "Agent", For: services,
		Grants: []Right{
			GetSessionOnUserBehalf, ViewApps,
		},
	},
	{
		ID: "KEY_MANAGER", Name: "Key Manager", For: services,
		Grants: []Right{
			AccessAdminAPI, AccessDecryptionKeys, AccessKsaltKhpassword, CreateKeysInKeystore,
			KeymanagerRegistration, LoginWithSharedSecret, RequestOneTimeToken, SetKeymanagerUserPrekey,
			UpdateCryptoRotationInfo, ViewUserDetail,
		},
	},
	{
		ID: "SYMPHONY_ADMIN", Name: "Symphony Admin", For: people,
		Grants: []Right{
			AccessAdminAPI, ActivateEndUserAccount, AdminResetUserPassword, DeactivateEndUserAccount,
			LoginWithPassword, ModifyEndUserAccount, ModifyEndUserEntitlements, ViewConversationAuditTrail,
			ViewDirectoryProfile, ViewUsageStatistics, ViewUserAuditTrail, ViewUserDetail,
		},
	},
	{
		ID: "CEP_VISIBILITY_GROUP_MANAGEMENT", Name: "CEP Visibility Group Management", For: services,
		Grants: []Right{
			ManageCEPVisibilityGroups,
		},
	},
	{
		ID: "USER_PRESENCE_UPDATE", Name: "User Presence Update", For: services,
		Grants: []Right{
			AdminPresenceUpdate,
		},
	},
	{
		ID: "GROUP_MANAGER", Name: "Group Manager", For: services,
		Grants: []Right{
			AccessAdminAPI, CanCreateDistributionList, ViewUserDetail,
		},
	},
	{
		ID: "SSO_MANAGER", Name: "SSO Manager", For: services,
		Grants: []Right{
			AccessAdminAPI, ManageSSOForPod,
		},
	},
}
