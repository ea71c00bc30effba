namespace Bedside.Model.Audit;

/// <summary>What was done: the closed catalogue. <see cref="AuditCatalog"/> has code and words of each; a number never changes its meaning.</summary>
public enum AuditAct
{
    LogBegin = 1,
    LogTorn = 2,
    LogLost = 3,
    EpochEnd = 4,
    Checkpoint = 5,
    RingLost = 6,
    KeyTaken = 7,
    KeyLost = 8,
    CheckpointCosigned = 9,

    BoxStart = 20,
    BoxStop = 21,
    SettingsApply = 22,
    SettingsConfirm = 23,
    SettingsTakeBack = 24,
    SettingsReturn = 25,
    ClockConfirm = 26,

    DataRead = 40,
    DataExport = 41,
    DataImport = 42,
    DataReplace = 43,
    ReplaceUndo = 44,
    EvidenceCapture = 45,
    FhirRead = 46,
    SendStart = 47,
    WardApprove = 48,
    StoreRepair = 49,

    HoldAdd = 60,
    HoldRemove = 61,
    HoldReset = 62,
    StayRead = 64,
    StayBegin = 65,
    StayErase = 66,
    StaySay = 67,
    StayCompare = 68,
    MarkMake = 69,
    MarkChange = 70,
    CheckStore = 71,

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

    CertificateMake = 100,
    CertificateRenew = 101,
    CertificateRevoke = 102,
    UnitJoin = 103,

    PatientReport = 120,
    ResearchObjection = 121,
    ResearchObjectionEnd = 122,
}

/// <summary>How an act is written and shown.</summary>
/// <param name="Code">In the journal and on the command line; lower-case words with a dot.</param>
public sealed record AuditWords(AuditAct Act, string Code, string French, string English);

/// <summary>Codes and words of every act.</summary>
public static class AuditCatalog
{
    private static readonly AuditWords[] Words =
    [
        new(AuditAct.LogBegin, "log.begin", "journal commencé", "journal begun"),
        new(AuditAct.LogTorn, "log.torn", "fin de fichier abandonnée", "end of a file left behind"),
        new(AuditAct.LogLost, "log.lost", "le journal finit avant ce qui en est connu", "the journal ends before what is known of it"),
        new(AuditAct.EpochEnd, "epoch.end", "fin d’époque, clé effacée", "epoch ended, its key wiped"),
        new(AuditAct.Checkpoint, "log.checkpoint", "point de contrôle signé", "checkpoint signed"),
        new(AuditAct.RingLost, "log.unwritten", "entrées qui n’ont pas pu être écrites", "entries that could not be written"),
        new(AuditAct.KeyTaken, "key.taken", "clé de vérification emportée", "verification key taken away"),
        new(AuditAct.KeyLost, "key.lost", "clé de scellement perdue, nouvelle clé", "sealing key lost, another begun"),
        new(AuditAct.CheckpointCosigned, "witness.cosign", "point de contrôle d’une autre box contresigné", "checkpoint of another box cosigned"),
        new(AuditAct.BoxStart, "box.start", "box démarrée", "box started"),
        new(AuditAct.BoxStop, "box.stop", "box arrêtée", "box stopped"),
        new(AuditAct.SettingsApply, "settings.apply", "réglages appliqués", "settings applied"),
        new(AuditAct.SettingsConfirm, "settings.confirm", "réglages confirmés", "settings confirmed"),
        new(AuditAct.SettingsTakeBack, "settings.take-back", "réglages repris", "settings taken back"),
        new(AuditAct.SettingsReturn, "settings.return", "retour à d’anciens réglages", "returned to earlier settings"),
        new(AuditAct.ClockConfirm, "clock.confirm", "horloge confirmée", "clock confirmed"),
        new(AuditAct.DataRead, "data.read", "données lues", "data read"),
        new(AuditAct.DataExport, "data.export", "données exportées", "data exported"),
        new(AuditAct.DataImport, "data.import", "données importées", "data imported"),
        new(AuditAct.DataReplace, "data.replace", "originaux remplacés", "originals replaced"),
        new(AuditAct.ReplaceUndo, "data.replace-undo", "originaux rétablis", "originals brought back"),
        new(AuditAct.EvidenceCapture, "evidence.capture", "octets bruts extraits", "raw bytes taken out"),
        new(AuditAct.FhirRead, "fhir.read", "données lues par FHIR", "data read over FHIR"),
        new(AuditAct.SendStart, "send.start", "envoi vers l’extérieur commencé", "sending outside begun"),
        new(AuditAct.WardApprove, "ward.approve", "lit donné aux autres box du service", "bed given to other boxes of the ward"),
        new(AuditAct.StoreRepair, "store.repair", "stockage réparé", "store repaired"),
        new(AuditAct.HoldAdd, "hold.add", "conservation imposée", "hold added"),
        new(AuditAct.HoldRemove, "hold.remove", "conservation levée", "hold removed"),
        new(AuditAct.HoldReset, "hold.reset", "liste des conservations recommencée", "list of holds begun anew"),
        new(AuditAct.StayRead, "stay.read", "séjours lus", "stays read"),
        new(AuditAct.StayBegin, "stay.begin", "séjour commencé", "stay begun"),
        new(AuditAct.StayErase, "stay.erase", "séjour effacé", "stay erased"),
        new(AuditAct.StaySay, "stay.say", "dit qui est dans le lit", "said who lies in the bed"),
        new(AuditAct.StayCompare, "stay.compare", "bracelet comparé", "wristband compared"),
        new(AuditAct.MarkMake, "mark.make", "repère posé", "mark made"),
        new(AuditAct.MarkChange, "mark.change", "repère changé", "mark changed"),
        new(AuditAct.CheckStore, "check.store", "vérification des signaux gardée", "check of signals stored"),
        new(AuditAct.SignIn, "account.sign-in", "connexion", "signed in"),
        new(AuditAct.SignInRefused, "account.sign-in-refused", "connexion refusée", "sign-in refused"),
        new(AuditAct.SignOut, "account.sign-out", "déconnexion", "signed out"),
        new(AuditAct.AccountMake, "account.make", "compte créé", "account made"),
        new(AuditAct.AccountChange, "account.change", "compte changé", "account changed"),
        new(AuditAct.AccountClose, "account.close", "compte fermé", "account closed"),
        new(AuditAct.BreakGlass, "access.break-glass", "accès d’urgence", "emergency access"),
        new(AuditAct.BreakGlassReview, "access.break-glass-review", "accès d’urgence relu", "emergency access reviewed"),
        new(AuditAct.RightsReview, "access.rights-review", "droits relus", "rights reviewed"),
        new(AuditAct.RecoveryCode, "account.code", "code à usage unique émis", "one-time code issued"),
        new(AuditAct.CertificateMake, "certificate.make", "certificat créé", "certificate made"),
        new(AuditAct.CertificateRenew, "certificate.renew", "certificat renouvelé", "certificate renewed"),
        new(AuditAct.CertificateRevoke, "certificate.revoke", "certificat révoqué", "certificate revoked"),
        new(AuditAct.UnitJoin, "unit.join", "box entrée dans l’unité", "box joined the unit"),
        new(AuditAct.PatientReport, "patient.report", "relevé d’accès imprimé", "access report printed"),
        new(AuditAct.ResearchObjection, "research.objection", "opposition à la recherche", "objection to research"),
        new(AuditAct.ResearchObjectionEnd, "research.objection-end", "opposition à la recherche levée", "objection to research taken back"),
    ];

    public static IReadOnlyList<AuditWords> All => Words;

    public static AuditWords Of(AuditAct act) => Array.Find(Words, words => words.Act == act) ?? throw new ArgumentOutOfRangeException(nameof(act), act, "no act of the catalogue");

    /// <summary>Null for a code that is not in the catalogue.</summary>
    public static AuditWords? Find(string code) => Array.Find(Words, words => words.Code == code);
}
