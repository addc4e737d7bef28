import type { Me } from "../api/session";

// Which roles grant the rights that the pages here need, as internal/auth/roles.go has it (a test
// compares them). It only decides what is shown: the pod itself decides about each call.
export const roles = {
  ACCESS_USER_PROVISIONING_API: ["USER_PROVISIONING"],
  VIEW_APPS_ENTITLEMENTS: ["SUPER_ADMINISTRATOR", "USER_PROVISIONING"],
  MODIFY_APPS_ENTITLEMENTS: ["SUPER_ADMINISTRATOR", "USER_PROVISIONING"],
  CREATE_APPS: ["SUPER_ADMINISTRATOR", "USER_PROVISIONING"],
  MODIFY_APPS: ["SUPER_ADMINISTRATOR", "SUPER_COMPLIANCE_OFFICER", "USER_PROVISIONING"],
  ACCESS_CERT_PROVISIONING_API: ["SUPER_ADMINISTRATOR", "USER_PROVISIONING"],
  ADD_AND_REMOVE_USERS_IN_ANY_ROOM: ["COMPLIANCE_OFFICER", "SUPER_COMPLIANCE_OFFICER", "USER_PROVISIONING"],
  VIEW_EXPRESSION_FILTERS: [
    "SUPER_ADMINISTRATOR",
    "SUPER_COMPLIANCE_OFFICER",
    "EF_POLICY_MANAGEMENT",
    "CONTENT_EXPORT_SERVICE",
  ],
  MANAGE_EXPRESSION_FILTERS: ["SUPER_ADMINISTRATOR", "SUPER_COMPLIANCE_OFFICER", "EF_POLICY_MANAGEMENT"],
  VIEW_DLP_VIOLATION: ["EF_POLICY_MANAGEMENT", "CONTENT_EXPORT_SERVICE"],
  VIEW_PRIVILEGED_USER_AUDIT_TRAIL: ["AUDIT_TRAIL_MANAGEMENT"],
  MANAGE_FILE_EXTENSIONS: ["EF_POLICY_MANAGEMENT"],
  MODIFY_POD_ENTITLEMENTS: ["SUPER_ADMINISTRATOR"],
  VIEW_USAGE_STATISTICS: ["SUPER_ADMINISTRATOR", "SYMPHONY_ADMIN"],
} as const;

export type Right = keyof typeof roles;

/** may reports whether the caller's roles grant a right. */
export function may(me: Me, right: Right): boolean {
  const granting: readonly string[] = roles[right];
  return me.roles?.some((role) => granting.includes(role)) ?? false;
}
