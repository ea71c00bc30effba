using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Viewer.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>Signing in and out without a script, by the same desk as the screen's.</summary>
internal sealed class SignInDoor(ResearchFrame frame, PeopleDesk people, PersonReader persons, SessionBook sessions, IAccountBook accounts)
{
    public IResult Show(HttpContext context)
    {
        Tongue tongue = frame.TongueOf(context);
        string next = SignInPage.SafeNext(context.Request.Query[SignInPage.Next]);
        return frame.Page(context, tongue, ResearchPlace.SignIn, tongue.Of("S’identifier", "Sign in"), page => SignInPage.Write(page, tongue, next, [], NoAccounts));
    }

    public async Task<IResult> TakeAsync(HttpContext context, IFormCollection form, CancellationToken cancel)
    {
        Tongue tongue = frame.TongueOf(context);
        string next = SignInPage.SafeNext(form[SignInPage.Next]);
        string badge = form["badge"].ToString().Trim();
        IReadOnlyList<(string Name, string Value)> carried = SignInPage.Carried(form);
        IResult answer = await people.SignInAsync(new SigningIn(badge, form["password"].ToString(), Pin: null), context, cancel);
        if (answer is not IValueHttpResult<MeAnswer> { Value: { } me })
        {
            TwoTongues fault = NoAccounts ?? SignInWords.Of(answer);
            int status = (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status503ServiceUnavailable;
            return ResearchFrame.ReadsPages(context.Request)
                ? frame.Page(context, tongue, ResearchPlace.SignIn, tongue.Of("S’identifier", "Sign in"), page => SignInPage.Write(page, tongue, next, carried, fault), status)
                : answer;
        }

        return carried.Count == 0
            ? StudyDesk.SeeOther(context, next)
            : frame.Page(context, tongue, ResearchPlace.SignIn, tongue.Of("Vous êtes identifié", "You are signed in"), page => SignInPage.Continue(page, tongue, next, me.Token, [.. carried.Select(SignInPage.Unkept)]));
    }

    public IResult Leave(HttpContext context)
    {
        if (persons.Read(context).Session is { } session && sessions.Left(session) > TimeSpan.Zero)
        {
            people.SignOut(context);
        }

        return StudyDesk.SeeOther(context, frame.TongueOf(context).Link(ResearchFrame.Root));
    }

    private TwoTongues? NoAccounts => accounts.HasAccounts ? null : new("Ce boîtier n’a pas encore de compte : le premier se fait à l’écran du lit.", "This box has no account yet: the first is made at the bed’s screen.");
}
