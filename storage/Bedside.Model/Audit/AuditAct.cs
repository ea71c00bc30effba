namespace Bedside.Model.Audit;

/// <summary>What was done: a number never changes its meaning.</summary>
public enum AuditAct
{
    DataRead = 40,
    SignIn = 80,
    SignInRefused = 81,
    SignOut = 82,
    AccountMake = 83,
    AccountChange = 84,
    AccountClose = 85,
    BreakGlass = 86,
    BreakGlassReview = 87,
    RightsReview = 88,
    RecoveryCode = 89,
}
