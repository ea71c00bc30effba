using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Context;
using Bedside.Model.People;
using Bedside.Model.Settings;
using Bedside.Model.Stays;
using Bedside.Storage.Retention;
using Bedside.Viewer.Patient;
using Bedside.Viewer.People;
using Bedside.Viewer.Screens;
using Bedside.Viewer.Settings;
using Bedside.Viewer.Sheet;
using Bedside.Viewer.Stays;
using Bedside.Viewer.Ward;
using Microsoft.AspNetCore.Mvc;

namespace Bedside.Viewer;

/// <summary>Everything the viewer says and hears in JSON; generated, so that nothing is reflected at run time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    Converters =
    [
        typeof(InstantConverter),
        typeof(KebabConverter<DeviceState>),
        typeof(KebabConverter<SignalKind>),
        typeof(KebabConverter<AlertPriority>),
        typeof(KebabConverter<GapCause>),
        typeof(KebabConverter<Freshness>),
        typeof(KebabConverter<HealthState>),
        typeof(KebabConverter<OutboundState>),
        typeof(KebabConverter<DiskLevel>),
        typeof(KebabConverter<RetentionPause>),
        typeof(KebabConverter<HelpTopic>),
        typeof(KebabConverter<HelpVerdict>),
        typeof(KebabConverter<HelpBlockKind>),
        typeof(KebabConverter<StayCertainty>),
        typeof(KebabConverter<StayEventKind>),
        typeof(KebabConverter<StaySource>),
        typeof(KebabConverter<StayTaskKind>),
        typeof(KebabConverter<Belonging>),
        typeof(KebabConverter<ContextForm>),
        typeof(KebabConverter<RestartReason>),
        typeof(KebabConverter<SettingsOrigin>),
        typeof(KebabConverter<SettingsOutcome>),
        typeof(KebabConverter<LightState>),
        typeof(KebabConverter<AuditState>),
        typeof(KebabConverter<StartCause>),
        typeof(KebabConverter<PeerLinkState>),
        typeof(KebabConverter<Role>),
        typeof(KebabConverter<AccountState>),
        typeof(KebabConverter<AccessDetail>),
    ])]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(IReadOnlyList<DeviceAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<SignalAnswer>))]
[JsonSerializable(typeof(NumericsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ColumnAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<AlertAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<GapAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<EventAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<AnnotationAnswer>))]
[JsonSerializable(typeof(AnnotationAnswer))]
[JsonSerializable(typeof(NewAnnotation))]
[JsonSerializable(typeof(ChangedAnnotation))]
[JsonSerializable(typeof(ContextAnswer))]
[JsonSerializable(typeof(SamplesAnswer))]
[JsonSerializable(typeof(CompletenessAnswer))]
[JsonSerializable(typeof(CompletenessReport))]
[JsonSerializable(typeof(PortsAnswer))]
[JsonSerializable(typeof(SheetAnswer))]
[JsonSerializable(typeof(IReadOnlyList<HelpEntry>))]
[JsonSerializable(typeof(HelpPage))]
[JsonSerializable(typeof(ReadingsAnswer))]
[JsonSerializable(typeof(StaysAnswer))]
[JsonSerializable(typeof(StayTasksAnswer))]
[JsonSerializable(typeof(BelongingAnswer))]
[JsonSerializable(typeof(SaidAnswer))]
[JsonSerializable(typeof(ChosenAnswer))]
[JsonSerializable(typeof(ComparedNumber))]
[JsonSerializable(typeof(ConfirmedPatient))]
[JsonSerializable(typeof(TakenBack))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(ScreensAnswer))]
[JsonSerializable(typeof(SettingsAnswer))]
[JsonSerializable(typeof(PreparedSettings))]
[JsonSerializable(typeof(ReturnedTo))]
[JsonSerializable(typeof(NewSignalCheck))]
[JsonSerializable(typeof(SignalCheckAnswer))]
[JsonSerializable(typeof(IReadOnlyList<SignalCheckAnswer>))]
[JsonSerializable(typeof(SignalRatesAnswer))]
[JsonSerializable(typeof(Diagnostic))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(SnapshotAnswer))]
[JsonSerializable(typeof(GapNotice))]
[JsonSerializable(typeof(WardAnswer))]
[JsonSerializable(typeof(ClientMessage))]
[JsonSerializable(typeof(Pong))]
[JsonSerializable(typeof(MeAnswer))]
[JsonSerializable(typeof(CodeAnswer))]
[JsonSerializable(typeof(AccountAnswer))]
[JsonSerializable(typeof(IReadOnlyList<AccountAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<EmergencyAnswer>))]
[JsonSerializable(typeof(PasskeyAsk))]
[JsonSerializable(typeof(CodeAppAsk))]
[JsonSerializable(typeof(CodeOfApp))]
[JsonSerializable(typeof(IReadOnlyList<PasskeyAnswer>))]
[JsonSerializable(typeof(FirstPerson))]
[JsonSerializable(typeof(Enrolment))]
[JsonSerializable(typeof(SigningIn))]
[JsonSerializable(typeof(Returning))]
[JsonSerializable(typeof(Proving))]
[JsonSerializable(typeof(NewPin))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(NewRoles))]
[JsonSerializable(typeof(NewState))]
[JsonSerializable(typeof(Opening))]
[JsonSerializable(typeof(Visitors))]
[JsonSerializable(typeof(PasskeySaid))]
[JsonSerializable(typeof(ResearchAnswer))]
[JsonSerializable(typeof(AccessesAnswer))]
[JsonSerializable(typeof(ErasureAnswer))]
[JsonSerializable(typeof(AskedErasure))]
[JsonSerializable(typeof(IReadOnlyList<ErasableAnswer>))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(uint))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(bool?))]
internal sealed partial class ViewerJson : JsonSerializerContext;

/// <summary>Names as the protocol has them: <c>device-silent</c>.</summary>
internal sealed class KebabConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>ISO 8601 with nine decimals and Z; reads fewer decimals and other zones too.</summary>
internal sealed class InstantConverter : JsonConverter<UtcInstant>
{
    public override UtcInstant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && InstantText.TryRead(reader.GetString(), out UtcInstant instant)
            ? instant
            : throw new JsonException("a time must be ISO 8601 with a zone, like 2026-11-21T19:30:00Z");

    public override void Write(Utf8JsonWriter writer, UtcInstant value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[InstantText.Length];
        if (InstantText.TryWrite(value, text))
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteStringValue(value.ToString());
        }
    }
}
